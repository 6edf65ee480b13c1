"""Terms that no translation may touch: zellige, Beni Ourain, tadelakt, and the names of makers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from catalog.folding import fold
from catalog.vocabulary.terms import VOCABULARY, Term


@dataclass(frozen=True, slots=True)
class Kept:
    """A term found in a text: how it stands there, and how it may stand in the translation."""

    found: str
    wanted: str
    allowed: frozenset[str]


def kept_terms(
    text: str, source: str, target: str, names: Collection[str] = ()
) -> tuple[Kept, ...]:
    """The terms of `text` that must survive, those of the vocabulary and `names` as they are."""
    padded = f" {fold(text)} "
    if not padded.strip():
        return ()
    of_vocabulary = (_kept(term, padded, source, target) for term in _terms())
    of_makers = (
        Kept(name, name, frozenset({fold(name)}))
        for name in names
        if fold(name) and f" {fold(name)} " in padded
    )
    return (*filter(None, of_vocabulary), *of_makers)


def glossary(source: str, target: str, names: Iterable[str] = ()) -> Mapping[str, str]:
    """What an engine must write for every kept term of a pair: the term there, the term here."""
    terms = {
        form: term.forms[target].name if target in term.forms else form
        for term in _terms()
        if source in term.forms
        for form in (term.forms[source].name, term.forms[source].plural)
        if form
    }
    return {name: name for name in names if name} | terms


def _kept(term: Term, padded: str, source: str, target: str) -> Kept | None:
    said = next((name for name in _names(term) if f" {fold(name)} " in padded), None)
    if said is None:
        return None
    # A language without a form of its own keeps the term as it is written.
    own = term.forms[target].name if target in term.forms else said
    if source in term.forms and target == source:
        own = said
    return Kept(said, own, frozenset(filter(None, map(fold, _names(term)))))


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(term for terms in VOCABULARY.values() for term in terms.values() if term.keep)


@cache
def _all_names(code: str, kind: str) -> tuple[str, ...]:
    term = next(t for t in _terms() if t.code == code and t.kind == kind)
    forms = [name for form in term.forms.values() for name in (form.name, form.plural) if name]
    # The longest first: 'Beni Ourain' before 'Ourain'.
    return tuple(sorted(dict.fromkeys([*forms, *term.words]), key=len, reverse=True))


def _names(term: Term) -> tuple[str, ...]:
    return _all_names(term.code, term.kind)
