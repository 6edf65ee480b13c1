"""Texts to read: the list, and one beside the maker's words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Query, UploadFile
from markupsafe import Markup
from pydantic import BaseModel
from starlette.responses import Response

from catalog.translation.models import TextState
from jobs import reading
from jobs.reading import Text
from jobs.reviewing import OTHERS, Reviewing, Standing, Verdict, Wanted
from trade_ma.api.paging import Paging
from trade_ma.api.problems import Problem
from trade_ma.api.routers.text_files import taken_back
from trade_ma.api.routers.texts import found, judge, page_of, seen, shown, wanted_texts
from trade_ma.console import tables
from trade_ma.console.flashes import Tone
from trade_ma.console.highlights import highlighted
from trade_ma.console.languages import marked
from trade_ma.console.recording import record
from trade_ma.console.tables import Column, Filter, Table
from trade_ma.console.text_words import (
    FINDINGS,
    STANDINGS,
    direction,
    finding_told,
    language_name,
)
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.translation_now import TranslationStatus, translate_now, translation_status

router = page_router()
Reader = Annotated[Visit, allowed(Permission.TEXTS_REVIEW)]
Runner = Annotated[Visit, allowed(Permission.SYNC_RUN)]
ON_A_PAGE = 25
NO_TEXT = FINDINGS["empty"]

NOT_NOW = marked("Somebody changed this text meanwhile: this is how it stands now.")
SHARED = marked("Another maker says the same sentence: the cooperative reviews it.")


class Chosen(BaseModel):
    """The filters of the list, which go along from text to text."""

    language: str = ""
    state: str = ""
    product: str = ""

    def wanted(self, visit: Visit) -> Wanted:
        """The texts that they choose."""
        states = [Standing(self.state)] if self.state in set(Standing) else []
        return wanted_texts(
            visit.session,
            visit.principal,
            [self.language] if self.language else [],
            states,
            self.product.replace("\0", "") or None,
        )

    def query(self) -> str:
        """They as the end of an address."""
        kept = {name: value for name, value in self.model_dump().items() if value}
        return f"?{urlencode(kept)}" if kept else ""


@router.get("/texts")
def texts(visit: Reader, chosen: Annotated[Chosen, Query()], after: str = "") -> Response:
    """The texts that wait to be read."""
    wanted = chosen.wanted(visit)
    asked = Paging(ON_A_PAGE, after or None, None)
    rows, follows = page_of(visit.session, wanted, asked, visit.principal.maker_id)
    query = tables.Query("/texts", chosen.model_dump(), after=after)
    may_run = visit.principal.may(Permission.SYNC_RUN)
    return visit.page(
        "texts/texts.html",
        table=_table(visit, rows, query, follows),
        chosen=chosen,
        export=urlencode({name: value for name, value in chosen.model_dump().items() if value}),
        first=f"/texts/{rows[0].name}{chosen.query()}" if rows else "",
        translating=_progress(translation_status(visit.installation, visit.session))
        if may_run
        else None,
    )


@router.get("/texts/progress")
def progress(visit: Runner) -> Response:
    """How far translating is, for the page to show while it happens."""
    status = _progress(translation_status(visit.installation, visit.session))
    return visit.page("texts/progress.html", translating=status)


@router.post("/texts/translate")
def translate(visit: Runner) -> Response:
    """Have what is missing translated."""
    visit.session.rollback()
    try:
        put = translate_now(visit.installation)
    except LookupError:
        told = visit.say("No translation engine is set up: ask who runs this installation.")
        return visit.to("/texts", told, Tone.ERROR)
    record(visit, "text.translate", "texts", after={"put": put})
    return visit.to("/texts", visit.say("Translating was asked for."))


@router.post("/texts/accept")
def accept_product(visit: Reader, product: Annotated[str, Form()] = "") -> Response:
    """Accept all of a product's texts that passed the checks."""
    wanted = Chosen(product=product).wanted(visit)
    now, maker_id = datetime.now(UTC), visit.principal.maker_id
    accepted = reading.accept_passed(visit.session, wanted, now, maker_id) if product else []
    if accepted:
        record(visit, "text.accept-product", f"product:{product}", after={"texts": accepted})
    told = visit.counted(
        "%(count)s text was accepted.", "%(count)s texts were accepted.", len(accepted)
    )
    return visit.to(f"/texts{Chosen(product=product).query()}", told)


@router.post("/texts/import")
def import_file(visit: Reader, file: UploadFile) -> Response:
    """Take back what a translator did."""
    try:
        told = taken_back(visit.session, visit.principal, file)
    except Problem:
        visit.session.rollback()
        words = visit.say("This is no file of texts from here: export the texts again.")
        return visit.to("/texts", words, Tone.ERROR)
    taken = sum(one.verdict in {Verdict.REVIEWED, Verdict.REJECTED} for one in told)
    failed = sum(one.verdict in {Verdict.CONFLICT, Verdict.FAILED_CHECKS} for one in told)
    if taken:
        record(visit, "text.import", "texts", after={"taken": taken, "refused": failed})
    words = visit.counted("%(count)s text was taken.", "%(count)s texts were taken.", taken)
    if failed:
        words += " " + visit.counted(
            "%(count)s was not: it changed meanwhile or fails a check.",
            "%(count)s were not: they changed meanwhile or fail a check.",
            failed,
        )
    return visit.to("/texts", words, Tone.WARNING if failed else Tone.SUCCESS)


@router.get("/texts/{text_id}")
def text(visit: Reader, text_id: str, chosen: Annotated[Chosen, Query()]) -> Response:
    """One text beside the maker's words."""
    one = _found(visit, text_id)
    return visit.page("texts/text.html", errors={}, **_values(visit, one, chosen))


@router.post("/texts/{text_id}")
def judge_text(
    visit: Reader,
    text_id: str,
    chosen: Annotated[Chosen, Query()],
    version: Annotated[str, Form()] = "",
    verdict: Annotated[str, Form()] = "accept",
    translation: Annotated[str, Form(max_length=20_000)] = "",
    anyway: Annotated[str, Form()] = "",
) -> Response:
    """Accept it, as corrected, or reject it; then on to the next one."""
    one = _found(visit, text_id)
    is_accepted = verdict != "reject"
    said = translation.replace("\r\n", "\n").replace("\0", "") if is_accepted else ""
    said = said or one.unit.translation
    if not said.strip():
        wrong = visit.say(NO_TEXT)
        return _refused(visit, one, chosen, {"translation": wrong}, said)
    state = TextState.REVIEWED if is_accepted else TextState.REJECTED
    try:
        asked = seen(one, version, said, state)
    except Problem:
        return _refused(visit, one, chosen, {"translation": visit.say(NOT_NOW)}, None)
    [told] = judge(visit.session, visit.principal, [asked], accept_anyway=bool(anyway))
    if told.verdict in {Verdict.CONFLICT, Verdict.FAILED_CHECKS}:
        return _refused(visit, one, chosen, {"translation": _why(visit, told)}, said)
    visit.session.flush()
    return _on(visit, one, chosen, told)


def _found(visit: Visit, text_id: str) -> Text:
    number, _, language = text_id.partition("-")
    known = number.isascii() and number.isdecimal() and len(number) < 10 and len(language) < 13  # noqa: PLR2004 - as the API's ids
    return found(visit.session, visit.principal, text_id if known else "0-none")


def _on(visit: Visit, one: Text, chosen: Chosen, told: Reviewing) -> Response:
    if told.verdict is not Verdict.UNCHANGED:
        action = "text.reject" if told.verdict is Verdict.REJECTED else "text.accept"
        after = found(visit.session, visit.principal, one.name)
        record(visit, action, f"text:{one.name}", before=shown(one), after=shown(after))
    rejected = told.verdict is Verdict.REJECTED
    words = visit.say("The text was rejected.") if rejected else visit.say("The text is accepted.")
    return visit.to(_next(visit, one, chosen), words)


def _next(visit: Visit, one: Text, chosen: Chosen) -> str:
    unit = one.unit
    wanted = chosen.wanted(visit)
    name = reading.following(visit.session, wanted, unit.segment_id, unit.target_language)
    return f"/texts/{name}{chosen.query()}" if name else f"/texts{chosen.query()}"


def _why(visit: Visit, told: Reviewing) -> str:
    if told.verdict is Verdict.FAILED_CHECKS:
        told_each = (finding_told(visit, code, told.why) for code in dict.fromkeys(told.failed))
        return visit.say("A check fails: %(why)s", why=Markup(" ").join(told_each))
    return visit.say(SHARED if told.why == OTHERS else NOT_NOW)


def _refused(
    visit: Visit, one: Text, chosen: Chosen, errors: Mapping[str, str], said: str | None
) -> Response:
    values = _values(visit, one, chosen)
    if said is not None:
        values["translation"] = said
        values["fails"] = True
    return visit.refused("texts/text.html", errors, **values)


def _values(visit: Visit, one: Text, chosen: Chosen) -> dict[str, Any]:
    unit, locale = one.unit, visit.language.locale
    helped = reading.aid(visit.session, one, visit.principal.maker_id)
    label, tone = STANDINGS[one.standing]
    return {
        "text": one,
        "version": unit.id,
        "translation": unit.translation,
        "fails": any(finding.holds for finding in one.findings),
        "source": highlighted(unit.source, [term.found for term in helped.terms]),
        "proposal": highlighted(unit.translation, [term.wanted for term in helped.terms]),
        "helped": helped,
        "findings": [finding_told(visit, each.code, each.message) for each in one.findings],
        "state": {"label": visit.say(label), "tone": tone},
        "source_language": language_name(unit.source_language, locale),
        "target_language": language_name(unit.target_language, locale),
        "directions": (direction(unit.source_language), direction(unit.target_language)),
        "may_judge": not (one.others and visit.principal.maker_id is not None),
        "query": chosen.query(),
        "next": _next(visit, one, chosen),
    }


def _progress(status: TranslationStatus) -> Mapping[str, Any]:
    return {
        "engine": status.engine,
        "left": sum(one.segments for one in status.left),
        "under_way": status.waits or status.at_work,
        "waits": status.waits and not status.at_work,
        "spent": status.spent,
        "budget": status.budget,
    }


def _table(visit: Visit, rows: list[Text], query: tables.Query, follows: str | None) -> Table:
    locale = visit.language.locale
    wanted = sorted({one.unit.target_language for one in rows} | {query.filters["language"]})
    languages = [(code, language_name(code, locale)) for code in wanted if code]
    states = [(str(one), visit.say(label)) for one, (label, _) in STANDINGS.items()]
    return Table(
        caption=visit.say("Texts to read"),
        columns=(
            Column("source", visit.say("The maker’s words")),
            Column("translation", visit.say("Translation")),
            Column("language", visit.say("Language")),
            Column("state", visit.say("State")),
        ),
        rows=[_row(visit, one) for one in rows],
        query=query,
        filters=(
            Filter("language", visit.say("Language"), [("", visit.say("All")), *languages]),
            Filter("state", visit.say("State"), [("", visit.say("Waiting")), *states]),
            Filter("product", visit.say("Product code")),
        ),
        next=follows,
    )


def _row(visit: Visit, one: Text) -> Mapping[str, Any]:
    label, tone = STANDINGS[one.standing]
    unit = one.unit
    return {
        "name": one.name,
        "source": unit.source,
        "source_language": unit.source_language,
        "translation": unit.translation,
        "target_language": unit.target_language,
        "language": language_name(unit.target_language, visit.language.locale),
        "state": {"label": visit.say(label), "tone": tone},
    }
