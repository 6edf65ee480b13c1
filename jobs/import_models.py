"""The tables of imports: a file that was sent in, its photos, and what became of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words


class ImportState(StrEnum):
    """How far an import is."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


# While it is in one of these, a worker has it in hand.
WORKING = frozenset({ImportState.CHECKING, ImportState.APPLYING})


class ImportRun(SQLModel, table=True):
    """One file and how far its import is.

    Its files are in a folder of the random name `folder`; `file_name`, what the file was called
    by who sent it, is shown and never opened. `worker` names the lock that the process which has
    it in hand holds. `mapping` is how headers are read beside what we know. `failure` is a key of
    the import's messages, `failure_details` are its figures.
    """

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    folder: str = Field(unique=True, max_length=40)
    maker_id: int | None = Field(default=None, foreign_key="maker.id", index=True)
    asked_by: str = Field(max_length=80)
    file_name: str = Field(max_length=200)
    file_bytes: int = Field(sa_type=BigInteger)
    state: ImportState = Field(default=ImportState.UPLOADED, sa_type=words(ImportState))
    worker: str = Field(default="", max_length=40)
    fetch: bool = False
    mapping: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    totals: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    failure: str | None = Field(default=None, max_length=80)
    failure_details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ImportPhoto(SQLModel, table=True):
    """A photo that was sent with a file.

    `name` is what it was called, `key` the same as names are compared; its bytes are in the
    import's folder under their SHA-256. `trouble` is the code of a file that is no photo. `row` is
    the first row that names it, once the file was checked, and `findings` what would make it
    sell better: code, severity and details.
    """

    __tablename__ = "import_photo"
    __table_args__ = (UniqueConstraint("import_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="import_run.id")
    key: str = Field(max_length=500)
    name: str = Field(max_length=500)
    sha256: str = Field(max_length=64)
    bytes: int = Field(sa_type=BigInteger)
    width: int = 0
    height: int = 0
    trouble: str | None = Field(default=None, max_length=40)
    row: int | None = None
    sku: str | None = Field(default=None, max_length=200)
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)


class Standing(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ImportRow(SQLModel, table=True):
    """What the last check, or the apply, said of a row; kept in no language.

    `number` counts the rows below the header, `record` those of the sheet. Each of `complaints`
    has the reason, a key of the import's messages, with its figures, the field, and the cell.
    """

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="import_run.id")
    number: int
    record: int
    sku: str = Field(max_length=200)
    title: str = Field(default="", max_length=300)
    standing: Standing = Field(sa_type=words(Standing))
    warned: bool = False
    complaints: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
