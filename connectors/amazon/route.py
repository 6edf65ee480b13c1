"""Single calls or feeds: whichever the published quotas let through sooner. Pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from connectors.amazon.limits import FEED_BYTES, FEED_MESSAGES
from connectors.amazon.submissions import Put, Submission, message
from connectors.protocol import Change
from connectors.quotas import Rate

# The header of a feed, and the brackets around its messages.
HEADER_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Work:
    """A change as submissions, which go together. The first `items` of them show the draft."""

    change: Change
    submissions: tuple[Submission, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Route:
    """How a push goes, and the seconds that both ways take by their sustained rates."""

    by_feed: bool
    calls_seconds: float
    feed_seconds: float

    def __str__(self) -> str:
        """The choice and its reason, for a log."""
        chosen, other = ("feeds", "calls") if self.by_feed else ("calls", "feeds")
        seconds = sorted((self.calls_seconds, self.feed_seconds))
        return f"by {chosen}: {seconds[0]:.0f} s by quota, {seconds[1]:.0f} s by {other}"


def route(works: Sequence[Work], rate: Callable[[str], Rate]) -> Route:
    """The faster way for `works`.

    Counted by sustained rates, without bursts: what a burst lets through now, the next push
    waits for. puts and patches have a rate each, and run beside each other.
    """
    submissions = [submission for work in works for submission in work.submissions]
    puts = sum(isinstance(submission, Put) for submission in submissions)
    calls = max(
        puts / rate("putListingsItem").per_second,
        (len(submissions) - puts) / rate("patchListingsItem").per_second,
    )
    size = sum(_size(submission) for submission in submissions) if calls else 0
    feeds = max(ceil(len(submissions) / FEED_MESSAGES), ceil(size / FEED_BYTES))
    feed = feeds / rate("createFeed").per_second
    return Route(feed < calls, calls, feed)


def batches(works: Sequence[Work]) -> Iterator[list[Work]]:
    """The works in their order, in as few feeds as carry them, all about the same size.

    Amazon works on feeds side by side, so that the largest of them decides when all are done.
    """
    sizes = [sum(map(_size, work.submissions)) for work in works]
    share = sum(sizes) / max(1, ceil(sum(sizes) / (FEED_BYTES - HEADER_BYTES)))
    batch: list[Work] = []
    messages, size = 0, HEADER_BYTES
    for work, bytes_of_work in zip(works, sizes, strict=True):
        full = messages + len(work.submissions) > FEED_MESSAGES or size + bytes_of_work > FEED_BYTES
        if batch and (full or size >= HEADER_BYTES + share):
            yield batch
            batch, messages, size = [], 0, HEADER_BYTES
        batch.append(work)
        messages, size = messages + len(work.submissions), size + bytes_of_work
    if batch:
        yield batch


def _size(submission: Submission) -> int:
    # With the largest message id and marketplace id, and a comma.
    told = message(submission, "A" * 14, FEED_MESSAGES)
    return len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()) + 1
