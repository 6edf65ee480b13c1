"""The lines of a bulk operation's files, and what is kept of each until it is answered. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from connectors.protocol import Facet, Issue, Remote, Severity
from connectors.shopify.limits import BULK_FILE_BYTES, BULK_OPERATIONS


@dataclass(frozen=True, slots=True)
class Line:
    """What a result does not tell of its product; kept as the place in a receipt.

    `files` and `words` are those of its Parts from now on, `issues` what to warn of in the end.
    """

    number: int
    publish: bool
    skus: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def place(self) -> str:
        """As text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def at(cls, place: str) -> "Line":
        """From that text."""
        told = json.loads(place)
        issues = (Issue(**{**i, "severity": Severity(i["severity"])}) for i in told["issues"])
        return cls(**{**told, "skus": (*told["skus"],), "issues": (*issues,)})


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of a file on its way, and whose it is."""

    key: str
    facets: frozenset[Facet]
    line: Line
    variables: bytes
    remote: Remote | None = None


def files(sent: Sequence[Sent]) -> Iterator[list[Sent]]:
    """The lines in as many files as may be worked on at once, none of them too large."""
    most = -(-len(sent) // BULK_OPERATIONS)
    file: list[Sent] = []
    size = 0
    for one in sent:
        if file and (len(file) == most or size + len(one.variables) > BULK_FILE_BYTES):
            yield file
            file, size = [], 0
        file.append(one)
        size += len(one.variables)
    if file:
        yield file
