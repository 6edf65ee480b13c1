"""What a translator did comes back, checked, and no text is taken that no longer fits."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from catalog.models import Product
from catalog.translation.exchange import Returned, Unit, from_csv, from_xliff, to_csv, to_xliff
from catalog.translation.memory import Translated, translations
from catalog.translation.models import TextState, Translation
from connectors.clock import VirtualClock
from jobs.reviewing import Reviewing, Standing, Verdict, Wanted, judge, take_back, to_review
from jobs.texts import register_all
from tests.conftest import NOON
from tests.jobs.conftest import Atelier

ALL = Wanted(frozenset({"en"}), frozenset(Standing))
LONG = "Tapis de laine 200x300"


@pytest.fixture
def shop(engine: Engine, clock: VirtualClock) -> Atelier:
    """A rug with no translation yet, on each database."""
    atelier = Atelier(engine, clock)
    atelier.product("R-1", title=LONG)
    register_all(atelier.session)
    return atelier


def unit(shop: Atelier) -> Unit:
    with shop.session() as session:
        [found] = to_review(session, ALL)
    return found


def back(shop: Atelier, text: str, state: TextState | None = None) -> Returned:
    """The unit as a translator gives it back."""
    [returned] = from_csv(to_csv([unit(shop)]))
    return replace(returned, translation=text, state=state)


def take(shop: Atelier, returned: Returned, *, accept_anyway: bool = False) -> Reviewing:
    [told] = take_back([returned], shop.session, NOON, accept_anyway=accept_anyway)
    return told


def shown(shop: Atelier) -> Translated:
    with shop.session() as session:
        [text] = translations(session, [1], ["en"]).values()
    return text


def test_a_translation_that_comes_back_is_reviewed_and_its_products_compared_again(
    shop: Atelier,
) -> None:
    assert take(shop, back(shop, "Wool rug 200x300")).verdict is Verdict.REVIEWED
    reviewed = TextState.REVIEWED
    assert shown(shop) == Translated("Wool rug 200x300", "", reviewed, reviewed)
    with shop.session() as session:
        assert session.exec(select(Product.revision)).one() == 2


@pytest.mark.parametrize("to_and_from", [(to_csv, from_csv), (to_xliff, from_xliff)])
def test_a_file_that_nobody_touched_changes_nothing(shop: Atelier, to_and_from: tuple) -> None:  # type: ignore[type-arg]
    write, read = to_and_from
    take(shop, back(shop, "Wool rug 200x300"))
    told = take_back(read(write([unit(shop)])), shop.session, NOON)
    assert [one.verdict for one in told] == [Verdict.UNCHANGED]


def test_a_text_that_fails_a_check_needs_accept_anyway_and_that_is_recorded(shop: Atelier) -> None:
    wrong = back(shop, "Wool rug 200x30")
    why = "the source says 300: say it as well; the source does not say 30: take it out"
    codes = ("number_lost", "number_added")
    assert take(shop, wrong) == Reviewing("line 2", Verdict.FAILED_CHECKS, why, codes)
    assert shown(shop).title is None
    assert take(shop, wrong, accept_anyway=True) == Reviewing(
        "line 2", Verdict.REVIEWED, f"in spite of: {why}"
    )
    with shop.session() as session:
        said = session.exec(select(Translation)).one()
    assert [one["code"] for one in said.problems] == ["number_lost", "number_added"]
    assert shown(shop).title == "Wool rug 200x30"


def test_a_source_that_changed_meanwhile_is_a_conflict(shop: Atelier) -> None:
    returned = back(shop, "Wool rug 200x300")
    shop.edit("R-1", title="Coussin")
    register_all(shop.session)
    assert take(shop, returned) == Reviewing(
        "line 2", Verdict.CONFLICT, f"the maker changed the text meanwhile; it was: {LONG}"
    )


def test_a_translation_that_somebody_changed_meanwhile_is_a_conflict(shop: Atelier) -> None:
    first, second = back(shop, "Wool rug 200x300"), back(shop, "Woollen rug 200x300")
    take(shop, first)
    assert take(shop, second).verdict is Verdict.CONFLICT
    assert take(shop, first).verdict is Verdict.UNCHANGED
    assert shown(shop).title == "Wool rug 200x300"


def test_one_is_approved_or_rejected_by_its_id(shop: Atelier) -> None:
    take(shop, back(shop, "Wool rug 200x300"))
    name = f"{unit(shop).segment_id}-en"
    assert judge([name], TextState.REJECTED, shop.session, NOON)[0].verdict is Verdict.REJECTED
    assert shown(shop).title is None
    assert judge([name], TextState.REVIEWED, shop.session, NOON)[0].verdict is Verdict.REVIEWED
    with pytest.raises(LookupError, match="no translation '99-en'"):
        judge(["99-en"], TextState.REVIEWED, shop.session, NOON)


def test_a_rehearsal_changes_nothing(shop: Atelier) -> None:
    take_back([back(shop, "Wool rug 200x300")], shop.session, NOON, dry_run=True)
    assert shown(shop).title is None


def test_what_is_near_is_shown_to_start_from(shop: Atelier) -> None:
    take(shop, back(shop, "Wool rug 200x300"))
    shop.product("R-2", title="Tapis de laine 200x30")
    register_all(shop.session)
    with shop.session() as session:
        _, second = to_review(session, ALL)
    assert second.near == "Wool rug 200x300"
