"""Make the renditions of photos ahead of a pass: each original decoded once for all its rules."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from connectors.registry import marketplace
from images.errors import BadPhoto
from images.renditions import Rendered, render, render_all, rendition_name
from images.rules import ImageRule, rule_at
from images.sheet import THUMBNAIL, Shown
from images.store import PhotoStore
from jobs.models import Channel
from jobs.shown_photos import WORKERS, missing_photo, shown_photos


@dataclass(frozen=True, slots=True)
class PhotoTask:
    """An original in the store, and what each marketplace wants of it.

    `name` is the file's and `product` the code of a product that shows it.
    """

    sha256: str
    name: str
    product: str
    rules: Mapping[str, tuple[ImageRule, ...]]


@dataclass(frozen=True, slots=True)
class PhotoIssue:
    """What a marketplace will not take, or would rather have larger; `numbers` in pixels, bytes.

    `marketplace` is None where the photo itself is bad.
    """

    marketplace: str | None
    code: str
    message: str
    refused: bool
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhotoReport:
    """What was done for one photo: renditions made, those there before, and issues."""

    task: PhotoTask
    made: int = 0
    kept: int = 0
    issues: tuple[PhotoIssue, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether some marketplace cannot have this photo."""
        return any(issue.refused for issue in self.issues)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "photo": self.task.name,
            "sha256": self.task.sha256,
            "product": self.task.product,
            "made": self.made,
            "kept": self.kept,
            "issues": [
                {
                    "marketplace": issue.marketplace,
                    "code": issue.code,
                    "message": issue.message,
                    "refused": issue.refused,
                    "numbers": dict(issue.numbers),
                }
                for issue in self.issues
            ],
        }


def tasks(session: Session, channels: Sequence[Channel]) -> list[PhotoTask]:
    """Every photo in the store that a product shows, with what those channels want of it.

    Raises:
        LookupError: a channel's marketplace is not installed.
    """
    codes = sorted({channel.marketplace for channel in channels})
    limits = {code: marketplace(code).limits.photos for code in codes}
    named: dict[str, tuple[str, str]] = {}
    # Rules in the order they are met, each once.
    wanted: dict[str, dict[str, dict[ImageRule, None]]] = {}
    for photo in shown_photos(session):
        named.setdefault(photo.sha256, (photo.name, photo.product))
        for market, rules in limits.items():
            if rule := rule_at(rules, photo.place):
                wanted.setdefault(photo.sha256, {}).setdefault(market, {})[rule] = None
    return [
        PhotoTask(sha256, name, product, {m: tuple(r) for m, r in wanted.get(sha256, {}).items()})
        for sha256, (name, product) in named.items()
    ]


def render_photos(
    wanted: Sequence[PhotoTask], store: PhotoStore, *, dry_run: bool = False, workers: int = WORKERS
) -> Iterator[PhotoReport]:
    """Render what is not in the store yet, on `workers` threads; reports in the tasks' order.

    What fails of one photo is in its report, and the others go on. A dry run renders as well, so
    that it finds what would be refused, and keeps nothing.
    """
    waiting: deque[Future[PhotoReport]] = deque()
    with ThreadPoolExecutor(workers) as threads:
        for task in wanted:
            waiting.append(threads.submit(_rendered, task, store, dry_run))
            # Only so many wait, whose reports are small; their photos are read by the threads.
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _rendered(task: PhotoTask, store: PhotoStore, dry_run: bool) -> PhotoReport:
    pairs = [(market, rule) for market, rules in task.rules.items() for rule in rules]
    names = [rendition_name(task.sha256, rule) for _, rule in pairs]
    missing = [at for at, name in enumerate(names) if not store.has_rendition(name)]
    if not missing:
        return PhotoReport(task, kept=len(set(names)))
    try:
        made = render_all(store.open(task.sha256), [pairs[at][1] for at in missing])
    except BadPhoto as bad:
        return PhotoReport(task, issues=(_refusal(None, bad),))
    except FileNotFoundError:
        return PhotoReport(task, issues=(_refusal(None, missing_photo()),))
    done = list(zip(missing, made, strict=True))
    files = {names[at]: one.content for at, one in done if isinstance(one, Rendered)}
    for name, content in files.items() if not dry_run else ():
        store.keep_rendition(name, content)
    kept = len(set(names)) - len({names[at] for at in missing})
    issues = tuple(issue for at, one in done for issue in _issues(pairs[at][0], one))
    return PhotoReport(task, len(files), kept, issues)


def _issues(market: str, one: Rendered | BadPhoto) -> Iterator[PhotoIssue]:
    name = marketplace(market).name
    if isinstance(one, BadPhoto):
        yield _refusal(market, one)
    elif one.wanted:
        words = f"The photo is small: {one.pixels} px, {name} wants {one.wanted}"
        numbers = {"pixels": one.pixels, "wanted": one.wanted}
        yield PhotoIssue(market, "small", words, refused=False, numbers=numbers)


def _refusal(market: str | None, bad: BadPhoto) -> PhotoIssue:
    words = str(bad)
    if market and bad.code == "too_small":
        pixels, wanted = bad.numbers["pixels"], bad.numbers["wanted"]
        words = f"The photo is too small: {pixels} px, {marketplace(market).name} wants {wanted}"
    return PhotoIssue(market, bad.code, words, refused=True, numbers=bad.numbers)


def on_sheet(wanted: Sequence[PhotoTask], store: PhotoStore) -> Iterator[Shown]:
    """Each photo as a contact sheet shows it, with what is wrong with those that cannot be."""
    with ThreadPoolExecutor(WORKERS) as threads:
        yield from threads.map(lambda task: _shown_on_sheet(task, store), wanted)


def _shown_on_sheet(task: PhotoTask, store: PhotoStore) -> Shown:
    caption = f"{task.product}: {task.name}"
    try:
        return Shown(render(store.open(task.sha256), THUMBNAIL), caption)
    except BadPhoto as bad:
        return Shown(None, caption, (str(bad),))
    except FileNotFoundError:
        return Shown(None, caption, (str(missing_photo()),))
