"""The vocabulary: a term's code, its kind, and its forms in each language.

A file beside this module holds each kind, a line a term. A cell of a language says one form:

- a noun: `singular|plural|gender`, with gender m, f or n; a noun that is always plural, such as
  babouches, leaves the plural empty and has its gender followed by p (`babouches||fp`);
- an adjective, in the files of colours and techniques: `masculine|feminine|masculine plural|
  feminine plural`, or one form where it never changes;
- a phrase or a sentence, in the files of motifs and care: itself.

Languages that know no gender (English) leave it out. `words` are other spellings, in any
language, by which free text is searched. `keep` marks what no translation may touch.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("fr", "en", "ar", "es", "de", "it")


class Kind(StrEnum):
    """What a term names; also the name of its file."""

    CRAFT = "crafts"
    TECHNIQUE = "techniques"
    MATERIAL = "materials"
    COLOUR = "colours"
    MOTIF = "motifs"
    REGION = "regions"
    ROOM = "rooms"
    CARE = "care"


class Gender(StrEnum):
    """A noun's gender, as far as adjectives follow it."""

    MASCULINE = "m"
    FEMININE = "f"
    NEUTER = "n"


ADJECTIVES = frozenset({Kind.COLOUR, Kind.TECHNIQUE})
_PHRASES = frozenset({Kind.MOTIF, Kind.CARE})


@dataclass(frozen=True, slots=True)
class Form:
    """A term in one language.

    A noun has a `plural` and a `gender`, and may be always plural. An adjective has a `feminine`
    and both plurals; one that never changes has them all the same.
    """

    name: str
    plural: str = ""
    gender: Gender | None = None
    always_plural: bool = False
    feminine: str = ""
    feminine_plural: str = ""

    def agreeing(self, noun: "Form") -> str:
        """This adjective in the gender and number of `noun`."""
        if noun.gender is Gender.FEMININE:
            return self.feminine_plural if noun.always_plural else self.feminine
        return self.plural if noun.always_plural else self.name


# A code has one term, so a term equals itself alone, and is a fast key of caches.
@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One thing with its names. `hs` is a craft's subheading of the Harmonized System."""

    code: str
    kind: Kind
    forms: Mapping[str, Form]
    words: tuple[str, ...] = ()
    keep: bool = False
    hs: str = ""

    def name(self, language: str) -> str:
        """The term in that language."""
        return self.forms[language].name


def parse(kind: Kind, cell: str) -> Form:
    """The form that a cell of a vocabulary file says.

    Raises:
        ValueError: the cell does not follow its kind's pattern.
    """
    parts = [part.strip() for part in cell.split("|")]
    if not parts[0]:
        raise ValueError(f"{kind}: an empty cell")
    if kind in _PHRASES:
        return Form(cell.strip())
    if kind in ADJECTIVES:
        return _adjective(parts)
    name, plural, gender = (*parts, "", "")[:3]
    return Form(
        name,
        plural or name,
        Gender(gender[0]) if gender.strip("p") else None,
        always_plural=gender.endswith("p"),
    )


def _adjective(parts: list[str]) -> Form:
    match parts:
        case [same]:
            return Form(same, plural=same, feminine=same, feminine_plural=same)
        case [masculine, feminine, plural, feminine_plural]:
            return Form(
                masculine, plural=plural, feminine=feminine, feminine_plural=feminine_plural
            )
    raise ValueError(f"an adjective has one form or four: {'|'.join(parts)}")


def _read(kind: Kind) -> Mapping[str, Term]:
    lines = (files("catalog.vocabulary") / f"{kind}.csv").read_text("utf-8").splitlines()
    return MappingProxyType({row["code"]: _term(kind, row) for row in csv.DictReader(lines)})


def _term(kind: Kind, row: Mapping[str, str]) -> Term:
    return Term(
        row["code"],
        kind,
        MappingProxyType({language: parse(kind, row[language]) for language in LANGUAGES}),
        tuple(filter(None, row["words"].split("|"))),
        keep=row.get("keep") == "yes",
        hs=row.get("hs", ""),
    )


VOCABULARY: Mapping[Kind, Mapping[str, Term]] = MappingProxyType(
    {kind: _read(kind) for kind in Kind}
)
