"""Terms that no translation may touch: zellige, Beni Ourain, tadelakt, and the names of makers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.folding import fold
from catalog.vocabulary.terms import VOCABULARY, Term

# Stands where a name was found, so that no other is found across it.
_TAKEN = " · "


@dataclass(frozen=True, slots=True)
class Kept:
    """A term found in a text: how it stands there, and how it may stand in the translation."""

    found: str
    wanted: str
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Meant:
    """A name, and the term of the vocabulary that it may mean; None for a maker's."""

    name: str
    term: Term | None = None


def kept_terms(
    text: str, source: str, target: str, names: Collection[str] = ()
) -> tuple[Kept, ...]:
    """The terms of `text` that must survive, those of the vocabulary and `names` as they are.

    The longest name wins: “tapis Azilal” is the rug, and not the region as well.
    """
    rest = f" {fold(text)} "
    found: dict[str, Kept] = {}
    for name, meant in (*_of_makers(names), *_by_length()):
        if f" {name} " in rest:
            rest = rest.replace(f" {name} ", _TAKEN)
            kept = _kept(meant, source, target)
            found.setdefault(kept.wanted, kept)
    return tuple(found.values())


def glossary(source: str, target: str, names: Iterable[str] = ()) -> Mapping[str, str]:
    """What an engine must write for every kept term of a pair: the term there, the term here."""
    terms = {
        form: _said_in(target, term, form)
        for term in _terms()
        if source in term.forms
        for form in (term.forms[source].name, term.forms[source].plural)
        if form
    }
    return {name: name for name in names if name} | terms


def _of_makers(names: Collection[str]) -> list[tuple[str, tuple[_Meant, ...]]]:
    folded = ((fold(name), (_Meant(name),)) for name in names)
    return sorted((one for one in folded if one[0]), key=_length, reverse=True)


def _kept(meant: Sequence[_Meant], source: str, target: str) -> Kept:
    """The shortest of what is wanted, where terms share a name (Azilal, a region and its rug).

    Nobody can tell which was meant, so what any of them allows is allowed.
    """
    found = [_kept_one(one, source, target) for one in meant]
    allowed = frozenset[str]().union(*(kept.allowed for kept in found))
    return replace(min(found, key=lambda kept: (len(kept.wanted), kept.found)), allowed=allowed)


def _kept_one(meant: _Meant, source: str, target: str) -> Kept:
    name, term = meant.name, meant.term
    if term is None:
        return Kept(name, name, frozenset({fold(name)}))
    wanted = name if target == source else _said_in(target, term, name)
    return Kept(name, wanted, frozenset(filter(None, map(fold, _names(term)))))


def _said_in(target: str, term: Term, name: str) -> str:
    """What stands for `name` in the target language.

    Of “Zellige-Fliese” only “Zellige”: the source may say its tiles in a word of their own. A
    language without a form keeps the name.
    """
    own = term.forms[target].name if target in term.forms else name
    at = own.lower().find(name.lower())
    return own if at < 0 else own[at : at + len(name)]


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(term for terms in VOCABULARY.values() for term in terms.values() if term.keep)


@cache
def _by_length() -> tuple[tuple[str, tuple[_Meant, ...]], ...]:
    """Every name of every kept term, folded, with what it may mean; the longest first."""
    by_name: dict[str, dict[tuple[str, str], _Meant]] = {}
    for term in _terms():
        for name in _names(term):
            by_name.setdefault(fold(name), {}).setdefault(
                (term.kind, term.code), _Meant(name, term)
            )
    found = ((name, tuple(terms.values())) for name, terms in by_name.items() if name)
    return tuple(sorted(found, key=_length, reverse=True))


def _length(named: tuple[str, object]) -> int:
    return len(named[0])


def _names(term: Term) -> Iterable[str]:
    forms = (name for form in term.forms.values() for name in (form.name, form.plural) if name)
    return dict.fromkeys((*forms, *term.words))
