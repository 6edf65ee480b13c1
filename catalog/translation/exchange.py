"""Texts to review, out to a translator's own tool and back: XLIFF 1.2 and CSV.

A unit's id names its segment, its language, the source it was made from and the translation that
stood there, so that whatever changed meanwhile is noticed. Sources: XLIFF 1.2, OASIS standard of
2008 (states, state-qualifier); OWASP, CSV Injection (cells that spreadsheets take for formulas).
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from translate.storage import xliff

from catalog.translation.models import TextState

_ORIGIN = "trade-ma"
# Eighteen digits are the most that both databases take for a number.
_ID = re.compile(
    r"(?P<segment>\d{1,18})-(?P<language>[A-Za-z-]+)\.(?P<source>\w{12})\.(?P<seen>\w{12})"
)
_NAMED = len("0123456789ab")
_NEW = "new"
_STATES = {
    TextState.MACHINE: "needs-review-translation",
    TextState.REVIEWED: "final",
    TextState.REJECTED: "needs-translation",
}
_DONE = frozenset({"translated", "final", "signed-off"})
# A cell that begins so is run by spreadsheets; the apostrophe in front says that it is text.
_FORMULA = frozenset("=+-@\t\r'")
_COLUMNS = ("id", "from", "to", "product", "source", "translation", "state", "problems", "near")


_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"


class _Unit12(xliff.Xliff1Unit):
    """The library writes 1.1 and reads both; ours are 1.2, which tools of today expect."""

    namespace = _NAMESPACE


class _File12(xliff.Xliff1File[_Unit12]):
    UnitClass = _Unit12
    namespace = _NAMESPACE
    XMLskeleton = xliff.Xliff1File.XMLskeleton.replace("1.1", "1.2")


class BadExchange(ValueError):
    """A file that is not one of ours, told in words."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment to review in one language.

    `digest` is the segment's; `state` is None where there is no translation yet, and a `held` one
    is kept back by its problems. `near` is what somebody said of a text much like it.
    """

    segment_id: int
    digest: str
    source_language: str
    target_language: str
    source: str
    translation: str = ""
    state: TextState | None = None
    held: bool = False
    product: str = ""
    problems: tuple[str, ...] = ()
    near: str = ""

    @property
    def id(self) -> str:
        """Its name in a file."""
        seen = named(self.translation)
        return f"{self.segment_id}-{self.target_language}.{self.digest[:_NAMED]}.{seen}"


@dataclass(frozen=True, slots=True)
class Returned:
    """A unit as it came back: `place` tells people where it stands in the file.

    `source` and `seen` name the segment and the translation it was made from; `state` is what the
    translator said of it, None where they said nothing.
    """

    place: str
    segment_id: int
    language: str
    source: str
    seen: str
    translation: str
    state: TextState | None = None


def named(translation: str) -> str:
    """A short name of a translation's characters."""
    return hashlib.blake2b(translation.encode(), digest_size=_NAMED // 2).hexdigest()


def to_xliff(units: Sequence[Unit]) -> bytes:
    """The units as XLIFF 1.2, one file element for each pair of languages."""
    store = _File12()
    ordered = sorted(units, key=_pair)
    for (source, target), group in groupby(ordered, key=_pair):
        name = f"{source}-{target}"
        store.body = store.createfilenode(name, source, target)
        store.document.getroot().append(store.body)
        store.switchfile(name)
        for unit in group:
            store.addunit(_xliff_unit(unit))
    return bytes(store)


def from_xliff(content: bytes) -> list[Returned]:
    """The units of an XLIFF file.

    Raises:
        BadExchange: it is no XLIFF, or a unit's id is not ours.
    """
    try:
        store = _File12.parsestring(content)  # type: ignore[no-untyped-call]  # the library has no types here
    except Exception as error:  # the library raises what its parsers raise
        raise BadExchange(f"this is no XLIFF file: {error}") from error
    return [
        returned(
            f"unit {number}",
            unit.xmlelement.get("id", ""),
            unit.target or "",
            _xliff_state(unit),
        )
        for number, unit in enumerate(store.units, start=1)
    ]


def to_csv(units: Sequence[Unit]) -> bytes:
    """The units as CSV that a spreadsheet opens: UTF-8 with its mark, no cell a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for unit in units:
        cells = [unit.id, unit.source_language, unit.target_language, unit.product, unit.source]
        cells += [unit.translation, unit.state or _NEW, "; ".join(unit.problems), unit.near]
        writer.writerow(map(safe_cell, cells))
    return out.getvalue().encode("utf-8-sig")


def from_csv(content: bytes) -> list[Returned]:
    """The units of a CSV file, with whatever sign a spreadsheet put between its cells.

    Raises:
        BadExchange: it is not UTF-8, a column is missing, or a unit's id is not ours.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadExchange("save the file as “CSV UTF-8”: its letters cannot be read") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = {"id", "translation", "state"} - set(rows.fieldnames or ())
    if missing:
        raise BadExchange(f"the file has no column {', '.join(sorted(missing))}")
    return list(_csv_rows(rows))


def safe_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula; plain_cell undoes it."""
    return f"'{text}" if text[:1] in _FORMULA and text else text


def plain_cell(cell: str) -> str:
    """What safe_cell was given."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and cell[1:] else cell


def _pair(unit: Unit) -> tuple[str, str]:
    return unit.source_language, unit.target_language


def _xliff_unit(unit: Unit) -> _Unit12:
    made = _Unit12(unit.source)
    made.xmlelement.set("id", unit.id)
    if unit.translation:
        made.settarget(unit.translation, lang=unit.target_language)
        state = _STATES[unit.state] if unit.state else _NEW
        made.xmlelement.find(f"{{{_NAMESPACE}}}target").set("state", state)
        made.markapproved(unit.state is TextState.REVIEWED)
    for note in (unit.product, *unit.problems, unit.near and f"near: {unit.near}"):
        if note:
            made.addnote(note, origin=_ORIGIN)
    return made


def _xliff_state(unit: xliff.Xliff1Unit) -> TextState | None:
    # Whatever version a translator's tool writes.
    target = unit.xmlelement.find("{*}target")
    if target is not None and target.get("state-qualifier", "").startswith("rejected-"):
        return TextState.REJECTED
    done = target is not None and target.get("state") in _DONE
    return TextState.REVIEWED if done or unit.xmlelement.get("approved") == "yes" else None


def _csv_rows(rows: "csv.DictReader[str]") -> Iterator[Returned]:
    for row in rows:
        said = (row["state"] or "").strip().lower()
        judged = {str(TextState.REVIEWED), str(TextState.REJECTED)}
        state = TextState(said) if said in judged else None
        translation = plain_cell(row["translation"] or "")
        yield returned(f"line {rows.line_num}", row["id"] or "", translation, state)


def returned(place: str, name: str, translation: str, state: TextState | None) -> Returned:
    """What came back under the id `name`.

    Raises:
        BadExchange: that is no id of ours.
    """
    found = _ID.fullmatch(name.strip())
    if not found:
        raise BadExchange(f"{place}: {name[:60]!r} is no id of ours; export the texts again")
    return Returned(
        place,
        int(found["segment"]),
        found["language"],
        found["source"],
        found["seen"],
        translation,
        state,
    )
