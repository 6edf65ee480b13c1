"""What needs a person: each condition as it stands, and each hook told once of begin and end."""

from datetime import timedelta

import pytest
from sqlmodel import select

from jobs.alert_models import Alert, AlertKind
from jobs.alert_news import forget, news, note, told
from jobs.alerts import AlertLimits, Condition, conditions
from jobs.drift_models import Answer, Difference, DifferenceKind, ReconcileReport
from jobs.models import Channel
from tests.jobs.conftest import Atelier

LIMITS = AlertLimits(orders_minutes=15, refused_percent=20)


def standing(atelier: Atelier) -> dict[tuple[str, str], str]:
    with atelier.session() as session:
        found = conditions(session, LIMITS, atelier.clock.now())
    return {(one.kind, one.subject): one.message for one in found}


def change(atelier: Atelier, **values: object) -> None:
    with atelier.session() as session:
        channel = session.exec(select(Channel)).first()
        for name, value in values.items():
            setattr(channel, name, value)
        session.commit()


def test_where_all_is_well_nobody_is_woken(atelier: Atelier) -> None:
    atelier.channel("us")
    atelier.product("BO-001")
    atelier.sync()
    assert standing(atelier) == {}


def test_a_paused_channel_is_told_of_once_and_not_of_its_orders_as_well(atelier: Atelier) -> None:
    atelier.channel("us")
    change(atelier, paused_reason="the token was withdrawn")
    atelier.clock.sleep(3600)
    assert standing(atelier) == {
        ("channel_paused", "us"): (
            "us is paused: the token was withdrawn. Nothing is sold or changed there by us; "
            "once it is put right: trade-ma channels resume us"
        )
    }


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (16, True)])
def test_orders_that_nobody_pulled_for_long_are_told_with_the_trouble(
    atelier: Atelier, minutes: int, late: bool
) -> None:
    atelier.channel("us")
    now = atelier.clock.now()
    change(atelier, orders_pulled_at=now - timedelta(minutes=minutes), trouble="Unavailable: 503")
    told_ = standing(atelier)
    assert [*told_] == [("orders_late", "us")] * late
    assert all(message.endswith("UTC: Unavailable: 503") for message in told_.values())


@pytest.mark.parametrize(("refused", "told_of"), [(1, False), (2, True)])
def test_a_channel_that_refuses_more_than_the_share_is_told(
    atelier: Atelier, refused: int, told_of: bool
) -> None:
    atelier.channel("us")
    for number in range(5):
        title = "Counterfeit" if number < refused else "Tapis"
        atelier.product(f"T-{number}", title=f"{title} {number}")
    atelier.sync()
    said = {("refusals", "us"): "us refuses 2 of 5 listings: see trade-ma status --channel us"}
    assert standing(atelier) == (said if told_of else {})


def test_the_lines_of_an_order_that_conflict_are_one_alert(atelier: Atelier) -> None:
    us, eu = atelier.channel("us"), atelier.channel("eu", currency="EUR")
    for sku in ("BO-001", "BO-002"):
        atelier.product(sku, stock=1)
    atelier.sync()
    eu.buy({"BO-001": 1, "BO-002": 1}, "FR")
    atelier.clock.sleep(1)
    late = us.buy({"BO-001": 1, "BO-002": 1}, "US")
    atelier.sync()
    [(subject, message)] = standing(atelier).items()
    assert (subject, len(message.splitlines())) == (("conflict", f"us {late}"), 2)


def test_orders_missing_in_the_last_finished_comparison_are_a_gap(atelier: Atelier) -> None:
    atelier.channel("us")
    compare(atelier, 1)
    assert standing(atelier) == {
        ("gap", "us"): ("us has orders that no pull had brought in: #0. See trade-ma orders list")
    }
    compare(atelier, 7)
    [message] = standing(atelier).values()
    assert "#0, #1, #2, #3, #4 and 2 more" in message
    compare(atelier, 0, finished=False)
    assert len(standing(atelier)) == 1
    compare(atelier, 0)
    assert standing(atelier) == {}


def compare(atelier: Atelier, missing: int, *, finished: bool = True) -> None:
    """A comparison that found so many orders missing, and a listing beside them."""
    now = atelier.clock.now()
    with atelier.session() as session:
        report = ReconcileReport(channel_id=1, finished_at=now if finished else None)
        session.add(report)
        session.flush()
        kinds = [DifferenceKind.PRICE] + [DifferenceKind.MISSING_ORDER] * missing
        for number, kind in enumerate(kinds, start=-1):
            session.add(
                Difference(
                    report_id=report.id or 0,
                    kind=kind,
                    subject=f"#{number}",
                    answer=Answer.FETCHED,
                )
            )
        session.commit()


PAUSED = Condition(AlertKind.CHANNEL_PAUSED, "us", "us is paused")
GAP = Condition(AlertKind.GAP, "us", "us has a gap")


def tick(atelier: Atelier, *found: Condition, hooks: tuple[str, ...]) -> dict[str, list[str]]:
    """A minute of the daemon's in which those hooks take their news, of two that are set."""
    heard: dict[str, list[str]] = {}
    with atelier.session() as session:
        note(session, found, atelier.clock.now())
        session.commit()
        for hook in hooks:
            fresh = news(session, hook)
            heard[hook] = [f"{one.kind} {one.turn}" for one in fresh]
            told(session, hook, fresh)
        forget(session, ["email", "webhook"])
        session.commit()
    atelier.clock.sleep(60)
    return heard


def test_each_hook_is_told_once_that_it_began_and_once_that_it_is_over(atelier: Atelier) -> None:
    both = ("email", "webhook")
    began, ended = ["channel_paused began"], ["channel_paused ended"]
    assert [
        tick(atelier, PAUSED, hooks=both),
        tick(atelier, PAUSED, hooks=both),
        tick(atelier, hooks=both),
        tick(atelier, hooks=both),
        tick(atelier, PAUSED, hooks=both),
    ] == [dict.fromkeys(both, told_) for told_ in (began, [], ended, [], began)]


def test_a_hook_that_failed_hears_it_later_and_the_other_nothing_twice(atelier: Atelier) -> None:
    assert tick(atelier, PAUSED, hooks=("email",)) == {"email": ["channel_paused began"]}
    assert tick(atelier, PAUSED, GAP, hooks=("email", "webhook")) == {
        "email": ["gap began"],
        "webhook": ["channel_paused began", "gap began"],
    }


def test_what_was_over_before_a_hook_heard_of_it_is_not_told_to_it(atelier: Atelier) -> None:
    tick(atelier, PAUSED, hooks=("email",))
    assert tick(atelier, hooks=("webhook",)) == {"webhook": []}
    assert tick(atelier, hooks=("email",)) == {"email": ["channel_paused ended"]}
    with atelier.session() as session:
        assert session.exec(select(Alert)).all() == []


def test_what_stands_again_before_its_end_was_told_never_ended(atelier: Atelier) -> None:
    tick(atelier, PAUSED, hooks=("email",))
    tick(atelier, hooks=())
    assert tick(atelier, PAUSED, hooks=("email",)) == {"email": []}


def test_without_hooks_what_is_over_is_forgotten(atelier: Atelier) -> None:
    tick(atelier, PAUSED, hooks=())
    tick(atelier, GAP, hooks=())
    with atelier.session() as session:
        assert session.exec(select(Alert.kind)).all() == [AlertKind.GAP]
