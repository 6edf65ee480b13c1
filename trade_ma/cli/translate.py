"""trade-ma translate: bring missing texts into the languages that channels ask for."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, TaskID

from connectors.clock import SystemClock
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.bars import counting
from trade_ma.cli.options import ChannelOption, DryRunOption, JsonOption, read_channels
from trade_ma.installation import App, open_app

if TYPE_CHECKING:
    from catalog.translation.engines.protocol import Engine
    from jobs.translating import Translating, Work

EngineOption = Annotated[
    str | None,
    typer.Option(help="deepl, libretranslate, chat or firefox; that of the settings without."),
]
BudgetOption = Annotated[
    int | None,
    typer.Option(min=0, help="Characters for today at most; that of the settings without."),
]
AgainOption = Annotated[
    bool,
    typer.Option(
        "--again", help="Also texts that were rejected or kept back and another engine made."
    ),
]


def translate_command(
    channel: ChannelOption = None,
    engine: EngineOption = None,
    budget: BudgetOption = None,
    again: AgainOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Translate what is missing, each sentence once. Exits with 1 where it had to stop."""
    from jobs.translating import forecast, work_for

    app = open_app()
    limit = app.settings.translation_budget if budget is None else budget
    work = work_for(read_channels(app, channel), limit, again=again)
    if not work.languages:
        raise Fail("no channel shows translated text: the policy “text” of each is composed")
    if dry_run:
        run = forecast(work, app.session, _engine(app, engine).name if again else "")
    else:
        run = _run(app, work, _engine(app, engine))
    print_json(asdict(run)) if as_json else _print(run, dry_run=dry_run)
    if run.stopped:
        raise typer.Exit(1)


def _engine(app: App, name: str | None) -> "Engine":
    from catalog.translation.engines.errors import EngineError
    from trade_ma.sources import translator

    try:
        engine = translator(app, name)
    except EngineError as error:
        raise Fail(str(error)) from error
    if engine is None:
        raise Fail("name an engine: --engine, or TRADE_MA_TRANSLATION_ENGINE")
    return engine


def _run(app: App, work: "Work", engine: "Engine") -> "Translating":
    from jobs.translating import Desk, translate

    with counting() as bars:
        progress = _Bar(bars, bars.add_task(engine.name, total=None))
        return translate(work, Desk(app.session, engine, SystemClock(), progress))


@dataclass(slots=True)
class _Bar:
    """Progress on stderr: segments, and the characters paid for."""

    bars: Progress
    task: TaskID
    paid: int = 0

    def begin(self, segments: int) -> None:
        """So many are missing."""
        self.bars.update(self.task, total=segments)

    def advance(self, segments: int, characters: int) -> None:
        """So many more are stored."""
        self.paid += characters
        said = f"{self.paid} characters"
        self.bars.update(self.task, advance=segments, description=said)


def _print(run: "Translating", *, dry_run: bool) -> None:
    if not dry_run:
        out.print(
            f"{run.translated} translated, {run.held} kept back by checks, "
            f"{run.adapted} from the memory; {run.characters} characters"
        )
    elif not run.left:
        out.print("nothing to translate")
    for one in run.left:
        kind = "to ask for again" if one.again else "to translate" if dry_run else "left"
        out.print(
            f"{kind}, {one.source} to {one.target}:"
            f" {one.segments} texts, {one.characters} characters"
        )
    if run.held:
        out.print("see what was kept back, and why: trade-ma texts list --state held")
    if run.in_hand:
        out.print(
            f"{run.in_hand} of them are in the hands of another run, for half an hour at most"
        )
    for pair in run.unsupported:
        out.print(f"the engine does not translate {pair}")
    if run.darija:
        out.print(f"{run.darija} texts in Darija wait for a person: trade-ma texts review export")
    if run.stopped:
        err.print(f"stopped: {run.stopped}", style="red", markup=False)
