"""The file of an import, sent back with what is wrong in it."""

from collections.abc import Iterator
from pathlib import Path

from fastapi.responses import StreamingResponse
from sqlmodel import Session

from catalog.importing.delimited import Delimited
from catalog.importing.tables import Unreadable, open_source
from jobs.import_models import ImportRun, ImportState
from jobs.import_rows import with_errors
from jobs.import_runs import mapping_of
from jobs.import_uploads import TABLE
from trade_ma.api.exports import Format, exported_cells
from trade_ma.api.problems import conflict
from trade_ma.installation import App

_TOLD = frozenset({ImportState.CHECKED, ImportState.APPLIED})


def sent_back(
    session: Session, app: App, folder: Path, run: ImportRun, form: Format, language: str
) -> StreamingResponse:
    """The rows as they were sent, and behind them a column of errors; CSV in its own delimiter.

    Raises:
        Problem: 409 where the import was not checked, or is no table.
    """
    if run.state not in _TOLD:
        raise conflict("import-state", "Check the import first: then its errors are known.")
    path, mapping, run_id = folder / run.folder / TABLE, mapping_of(session, run), run.id or 0
    try:
        source, _ = open_source(path, mapping)
    except Unreadable as unreadable:
        raise conflict("unreadable-file", unreadable.sentence(language)) from unreadable

    def rows() -> Iterator[list[str]]:
        with app.session() as own:
            yield from with_errors(own, run_id, path, mapping, language)

    delimiter = source.delimiter if isinstance(source, Delimited) else ","
    return exported_cells(rows(), form, f"import-{run_id}", delimiter)
