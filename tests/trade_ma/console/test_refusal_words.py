"""Refusals and complaints in the reader's words: every code that is raised has some."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup

from catalog.refusals import Refused, Why, because
from images.errors import BadPhoto
from jobs.channels import AWAITS_CONSENT
from jobs.policies import read_channel_policy
from tests.trade_ma.console.speaking import visit_in
from trade_ma.console import complaint_words, refusal_words
from trade_ma.console.channel_words import why_told
from trade_ma.console.complaint_words import complaint_told
from trade_ma.console.policy_form import from_json
from trade_ma.console.refusal_words import refusal_told

ROOT = Path(__file__).parents[3]


def codes(function: str, *folders: str) -> Iterator[str]:
    """The first argument of each call of `function` in our source, where it is written there."""
    for path in sorted(one for folder in folders for one in (ROOT / folder).rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if (
                    name == function
                ):
                    yield code


def test_every_refusal_of_ours_has_words() -> None:
    raised = set(codes("because", "catalog", "jobs", "trade_ma"))
    assert raised
    assert raised - set(refusal_words.WORDS) == set()


def test_every_complaint_that_our_connectors_make_says_what_to_do() -> None:
    made = set(codes("Issue", "connectors", "jobs"))
    assert made
    assert made - set(complaint_words.ADVICE) == set()


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({"buffer": -1}, "policy.buffer : écrivez 0 ou plus."),
        ({"buffer": "a"}, "policy.buffer : écrivez un nombre entier."),
        ({"text": "x"}, "policy.text : choisissez parmi 'composed', 'machine' or 'reviewed'."),
        ({"x": 1}, "policy.x : ce nom n’existe pas."),
        ({"price": {"margin": "a"}}, "price.margin : écrivez un nombre."),
        ({"price": {"margin": 100}}, "price.margin : écrivez moins de 100."),
        ({"price": {"margin": 1, "multiple": 2}}, "Donnez une marge ou un multiple, pas les deux."),
        (
            {"price": {"shipping": [{"mad": 1}]}},
            "price.shipping.0.up_to_g : il manque.",
        ),
        ({"price": {"country": "france"}}, "price.country : écrivez deux majuscules, comme FR."),
    ],
)
def test_a_policy_is_refused_in_the_language_of_the_reader(
    policy: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        read_channel_policy(policy)
    assert refusal_told(visit_in("fr"), refusal.value) == told


@pytest.mark.parametrize("text", ["{", "[]", '"%s"', "[" * 100_000])
def test_what_is_no_policy_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_json(text)
    told = "Ce n’est pas un objet JSON : commencez par { et finissez par }."
    assert refusal_told(visit_in("fr"), refusal.value) == told


def test_values_stand_in_the_words_and_in_the_english_of_the_program() -> None:
    refused = Refused(because("sku_taken", "there is a SKU '%(sku)s' already", sku="T-1"))
    assert str(refused) == "there is a SKU 'T-1' already"
    assert refusal_told(visit_in("ar"), refused) == "الرمز T-1 موجود من قبل: اختر غيره."


def test_a_value_may_be_called_code() -> None:
    refused = Refused(because("product_taken", "there is a product '%(code)s'", code="P-1"))
    told = "Le produit P-1 existe déjà : choisissez une autre référence."
    assert refusal_told(visit_in("fr"), refused) == told


def test_a_reason_without_a_code_is_quoted() -> None:
    told = refusal_told(visit_in("ar"), ValueError("<b> is odd"))
    assert told == Markup('<q lang="en" dir="auto">&lt;b&gt; is odd</q>')


def test_a_reason_that_is_quoted_is_one_among_others_too() -> None:
    told = refusal_told(visit_in("en"), Refused(because("", "one & <two>"), because("", "three")))
    assert "one &amp; &lt;two&gt;" in told
    assert isinstance(told, Markup)


def test_a_photo_that_cannot_be_used_says_what_to_do() -> None:
    told = refusal_told(visit_in("fr"), BadPhoto("truncated", "The picture is cut off"))
    assert told == "Le fichier de la photo est coupé ou abîmé : envoyez de nouveau l'original."


def test_a_quotation_within_a_message_stays_one() -> None:
    why = refusal_words.reason_told(visit_in("fr"), Why("a < b"))
    told = visit_in("fr").say("Not added: %(why)s", why=why)
    assert told == Markup('Non ajouté : <q lang="en" dir="auto">a &lt; b</q>')


def test_a_complaint_is_quoted_behind_what_to_do() -> None:
    told = complaint_told(visit_in("fr"), "title_too_long", "The title is too long")
    assert told == Markup(
        'Raccourcissez le titre. <q lang="en" dir="auto">The title is too long</q>'
    )
    unknown = complaint_told(visit_in("fr"), "ODD", "Odd")
    assert unknown == Markup('<q lang="en" dir="auto">Odd</q>')


@pytest.mark.parametrize(
    ("paused", "trouble", "told"),
    [
        (None, None, ""),
        (AWAITS_CONSENT, None, "Il attend l’accord du propriétaire : connectez-le."),
        ("En vacances", None, Markup('<q dir="auto">En vacances</q>')),
        (
            "no such key",
            "no such key",
            Markup(
                "Saisissez de nouveaux identifiants. Sa réponse : "
                '<q lang="en" dir="auto">no such key</q>'
            ),
        ),
    ],
)
def test_a_channel_says_why_it_does_not_work(
    paused: str | None, trouble: str | None, told: str
) -> None:
    assert why_told(visit_in("fr"), paused, trouble) == told
