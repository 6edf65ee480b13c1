"""Refusals, lost answers, throttling, and a marketplace that is down."""

from dataclasses import replace

import pytest

from connectors.conformance.ground import Ground
from connectors.errors import ConnectorError, CredentialsRejected, Refused
from connectors.protocol import (
    ALL_FACETS,
    Account,
    Change,
    Claimed,
    Connector,
    Draft,
    Rejected,
    Remote,
)
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.faults import Fault, FaultKind


class Trouble(Ground):
    """What the core relies on when things go wrong."""

    def test_what_surely_is_refused_is_known_without_a_call(
        self, connector: Connector, rug: Draft
    ) -> None:
        issues = connector.validate(self.refusable(rug))
        assert ("title", 0) in {(issue.field, connector.calls.total()) for issue in issues}
        assert [i for i in connector.validate(rug) if i.severity == "error"] == []

    def test_a_refused_listing_says_why_and_blocks_no_other(
        self, connector: Connector, market: ServedMarket, account: Account, rug: Draft
    ) -> None:
        bad = self.refusable(self.draft("CONF-BAD", account.currency))
        pushed = self.push(connector, market, Change(bad, ALL_FACETS), Change(rug, ALL_FACETS))
        [refused] = pushed.of(bad.key, Rejected)
        assert "title" in {issue.field for issue in refused.issues}
        assert all(issue.message for issue in refused.issues)
        assert pushed.facets(rug.key) == ALL_FACETS
        assert self.on_sale(market, rug)
        assert not self.on_sale(market, bad)

    def refusable(self, draft: Draft) -> Draft:
        """A draft that the marketplace refuses for its title."""
        too_long = "wool " * (self.marketplace.limits.title_length // 4)
        return replace(draft, texts=(replace(draft.texts[0], title=too_long.strip()),))

    def test_a_lost_answer_makes_no_second_listing(
        self, connector: Connector, another: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, every=2, times=3))
        remote: Remote | None = None
        for attempt in (connector, another, another, another):
            try:
                for outcome in attempt.push([Change(rug, ALL_FACETS, remote, unsure=True)]):
                    remote = outcome.remote if isinstance(outcome, Claimed) else remote
            except ConnectorError:
                continue
            break
        market.faults.clear()
        pushed = self.push(another, market, Change(rug, ALL_FACETS, remote, unsure=remote is None))
        assert pushed.facets(rug.key) == ALL_FACETS
        assert (len(market.shown()), self.on_sale(market, rug)) == (1, True)

    def test_throttling_is_waited_out(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        market.faults.arm(Fault(kind=FaultKind.THROTTLE, every=2, times=3))
        self.listed(connector, market, rug)

    def test_a_market_that_is_down_is_trouble_and_no_refusal(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        market.faults.arm(Fault(kind=FaultKind.ERROR, times=None))
        with pytest.raises(ConnectorError) as trouble:
            list(connector.push([Change(rug, ALL_FACETS)]))
        assert not isinstance(trouble.value, Refused | CredentialsRejected)
