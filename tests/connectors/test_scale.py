"""Where each connector stands on docs/connector-scale.md, computed from what it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from connectors.conformance import ConnectorConformance
from connectors.quotas import Rate
from tests.connectors.amazon.test_conformance import TestAmazon
from tests.connectors.etsy.test_conformance import TestEtsy
from tests.connectors.shopify.test_conformance import TestShopify
from tests.contracts.plugin import JUDGES

PAGE = Path(__file__).parents[2] / "docs" / "connector-scale.md"
BEGIN, END = "<!-- scale -->\n", "<!-- /scale -->"

Suite = type[ConnectorConformance]
SUITES: Mapping[str, Suite] = {"amazon": TestAmazon, "etsy": TestEtsy, "shopify": TestShopify}
# Left in this module's names, they would be collected and run here a second time.
del TestAmazon, TestEtsy, TestShopify


@dataclass(frozen=True)
class Rule:
    """One demand of a level."""

    level: str
    words: str
    kept: Callable[[str, Suite], bool]


def conforms(_code: str, suite: Suite) -> bool:
    """Every conformance test is inherited as it stands."""
    return not any(name.startswith("test_") for name in vars(suite))


def has_limits(code: str, _suite: Suite) -> bool:
    return find_spec(f"connectors.{code}.limits") is not None


def is_judged(code: str, _suite: Suite) -> bool:
    return code in JUDGES


def understands_notices(_code: str, suite: Suite) -> bool:
    return suite.marketplace.notice is not None


def keeps_rates(code: str, _suite: Suite) -> bool:
    """Its limits hold rates or points, and its client takes from them before a call."""
    limits = vars(import_module(f"connectors.{code}.limits"))
    rates = [v for v in limits.values() if isinstance(v, Rate)] or limits.get("RATES")
    return bool(rates or "RESTORE_RATE" in limits or "REQUESTS_PER_SECOND" in limits)


def tells_returns(_code: str, suite: Suite) -> bool:
    return suite.tells_returns


RULES = (
    Rule("bronze", "passes every conformance test as it stands", conforms),
    Rule("bronze", "its numbers stand in limits.py", has_limits),
    Rule("silver", "judged by the official description", is_judged),
    Rule("silver", "understands notifications", understands_notices),
    Rule("silver", "keeps to the published rates", keeps_rates),
    Rule("gold", "tells of units that come back", tells_returns),
)
LEVELS = ("bronze", "silver", "gold")


def level(code: str, suite: Suite) -> str:
    """The highest level of which, and below which, every rule is kept."""
    reached = "none"
    for name in LEVELS:
        if not all(rule.kept(code, suite) for rule in RULES if rule.level == name):
            break
        reached = name
    return reached


def table() -> str:
    """The scale as a table of Markdown."""
    lines = [f"| level | rule | {' | '.join(SUITES)} |", f"|---|---|{'---|' * len(SUITES)}"]
    for rule in RULES:
        marks = ("yes" if rule.kept(code, suite) else "no" for code, suite in SUITES.items())
        lines.append(f"| {rule.level} | {rule.words} | {' | '.join(marks)} |")
    stands = (f"**{level(code, suite)}**" for code, suite in SUITES.items())
    return "\n".join([*lines, f"| | stands at | {' | '.join(stands)} |", ""])


def test_the_page_says_where_each_connector_stands() -> None:
    shown = PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0]
    assert shown == table()


@pytest.mark.parametrize(("code", "suite"), SUITES.items())
def test_none_of_ours_stands_below_silver(code: str, suite: Suite) -> None:
    assert level(code, suite) in {"silver", "gold"}


def test_a_suite_that_rewrites_a_test_stands_nowhere() -> None:
    class Lenient(ConnectorConformance):
        marketplace = SUITES["shopify"].marketplace

        def test_a_new_draft_becomes_a_listing_as_drafted(self) -> None:  # type: ignore[override]
            """Nothing is asked."""

    assert level("shopify", Lenient) == "none"
