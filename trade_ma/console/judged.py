"""Listings that marketplaces are judging, and the pass that asks how they judged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs import channel_health
from jobs.work_queue import Job
from trade_ma.api.routers.syncs import work
from trade_ma.console.visits import Visit

# Both ask for the answers that a marketplace owes.
_ASKING = (Job.ORDERS, Job.PUSH)


@dataclass(frozen=True, slots=True)
class Judged:
    """So many listings are judged; `next_at` is the pass that begins by itself, if one does."""

    count: int
    next_at: datetime | None


def judged(visit: Visit) -> Judged:
    """What is being judged now, and what comes next."""
    found = channel_health.judged(visit.session)
    return Judged(sum(found.values()), next_pass(work(visit.installation), found))


def next_pass(work: Mapping[str, Any] | None, codes: Collection[str]) -> datetime | None:
    """When the clock next has one of these channels asked; None where no worker is alive."""
    if not work or not work["executors"]:
        return None
    moments = (
        datetime.fromisoformat(one["next"])
        for one in work["jobs"]
        if one["job"] in _ASKING and one["subject"] in codes
    )
    return min(moments, default=None)
