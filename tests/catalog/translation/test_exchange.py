"""Texts that went out come back as they were, whatever stands in them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import factory

from catalog.translation import exchange
from catalog.translation.exchange import (
    Returned,
    Unit,
    from_csv,
    from_xliff,
    named,
    plain_cell,
    safe_cell,
    to_csv,
    to_xliff,
)
from catalog.translation.models import TextState

DIGEST = "0123456789abcdef0123456789abcdef"
# XML 1.0 has no room for control characters; the import takes them out of every text.
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1
) | st.sampled_from(
    [
        "زربية Azilal 200×300 سم",
        "=cmd|' /C calc'!A0",
        "'t Huis",
        "'=1+1",
        'Tapis "berbère", laine; coton',
        "Laine\nvierge",
        "שטיח <b>צמר</b> & 'משי'",
    ]
)


def unit(source: str, translation: str) -> Unit:
    return Unit(7, DIGEST, "fr", "ar", source, translation, TextState.MACHINE, product="Tapis")


def returned(place: str, translation: str, state: TextState | None = None) -> Returned:
    return Returned(place, 7, "ar", DIGEST[:12], named(translation), translation, state)


@given(TEXTS, TEXTS)
def test_xliff_brings_every_text_back(source: str, translation: str) -> None:
    assert from_xliff(to_xliff([unit(source, translation)])) == [returned("unit 1", translation)]


@given(TEXTS, TEXTS)
def test_csv_brings_every_text_back(source: str, translation: str) -> None:
    [back] = from_csv(to_csv([unit(source, translation)]))
    assert back == returned(back.place, translation)


@given(st.text())
def test_no_cell_is_a_formula_and_each_is_undone(text: str) -> None:
    assert safe_cell(text)[:1] not in set("=+-@\t\r")
    assert plain_cell(safe_cell(text)) == text


def test_a_spreadsheet_may_part_cells_by_semicolons() -> None:
    [first] = from_csv(
        f"id;translation;state\n7-ar.{DIGEST[:12]}.{named('x')};x;reviewed\n".encode()
    )
    assert first == returned("line 2", "x", TextState.REVIEWED)


def test_a_tool_says_final_or_rejected() -> None:
    content = to_xliff([unit("Tapis", "زربية")]).decode()
    final = content.replace("needs-review-translation", "final").encode()
    rejected = content.replace(
        'state="needs-review-translation"', 'state="new" state-qualifier="rejected-grammar"'
    ).encode()
    assert [one.state for one in from_xliff(final)] == [TextState.REVIEWED]
    assert [one.state for one in from_xliff(rejected)] == [TextState.REJECTED]


@pytest.mark.parametrize("suffix", ["xlf", "xliff"])
def test_a_translators_tool_reads_it_and_what_it_saves_comes_back(
    tmp_path: Path, suffix: str
) -> None:
    source, persian = "Tapis {nom} de %s, 200×300 cm", "فرش {nom} از %s، ۲۰۰×۳۰۰ سانتی‌متر"
    wanted = replace(unit(source, ""), state=None, problems=("term_lost: why",), near="قالی")
    others = [unit("Laine\nvierge", "صوف"), replace(unit("Bol", "Bowl"), target_language="en")]
    file = tmp_path / f"texts.{suffix}"
    file.write_bytes(to_xliff([wanted, *others]))

    store = factory.getobject(str(file))
    [first, second, third] = sorted(store.units, key=lambda one: len(one.source), reverse=True)
    assert (first.source, first.target) == (source, None)
    assert first.getnotes() == "Tapis\nterm_lost: why\nnear: قالی"
    assert (second.source, second.target) == ("Laine\nvierge", "صوف")
    assert (third.source, third.target) == ("Bol", "Bowl")
    assert (first.getsourcelanguage(), first.gettargetlanguage()) == ("fr", "ar")
    first.target = persian
    first.markapproved()
    store.save()

    [done] = [one for one in from_xliff(file.read_bytes()) if one.state]
    reviewed = returned(done.place, persian, TextState.REVIEWED)
    assert done == replace(reviewed, seen=named(""))


def test_a_number_that_no_database_holds_is_no_id_of_ours() -> None:
    name = "9394063040176487451-de." + "a" * 12 + "." + "b" * 12
    with pytest.raises(exchange.BadExchange, match="no id of ours"):
        exchange.returned("line 2", name, "Teppich", None)
