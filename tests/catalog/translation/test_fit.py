import re
import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from catalog.folding import fold
from catalog.translation.fit import fit_description, fit_tags, fit_title, tidy
from catalog.translation.limits import TextLimits
from tests.catalog.translation.conftest import STRICT, TAGGED

_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Words of both directions, with marks, figures, signs and controls between them.
MIXED = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Tapis",
                "زربية",
                "Azilal",
                "أَزيلال",
                "200",
                "×",
                "300",
                "cm",
                "سم",
                "(laine)",
                "&",
                "+",
                ":",
                "d'Azilal",
            ]
        ),
        st.text("زربيةَُّabcé\u0301 ,!$?&:" + _BIDI + "\u200d", max_size=12),
    ),
    max_size=25,
).map(" ".join)


def narrow(length: int) -> TextLimits:
    return TextLimits(length, length, 5, 20, title_signs="!$?", title_signs_once="&:")


def test_refused_signs_go_and_single_ones_stay_once() -> None:
    assert fit_title("Tapis  Azilal!! Promo $50, noir_blanc", STRICT) == (
        "Tapis Azilal Promo 50, noir blanc"
    )
    assert fit_title("Rug: red & white & blue: new", TAGGED) == "Rug: red & white, blue new"


def test_a_word_is_said_as_often_as_the_market_takes() -> None:
    assert fit_title("Tapis laine, tapis rouge, TAPIS berbère 30 x 30 x 30 cm", STRICT) == (
        "Tapis laine, tapis rouge, berbère 30 x 30 x 30 cm"
    )


def test_a_cut_title_ends_with_a_word_that_may_end_it() -> None:
    title = "Tapis noué à la main en laine vierge (Azilal, Maroc)"
    assert {n: fit_title(title, narrow(n)) for n in (26, 36, 44, 60)} == {
        26: "Tapis noué à la main",
        36: "Tapis noué à la main en laine vierge",
        44: "Tapis noué à la main en laine vierge",
        60: title,
    }
    assert fit_title("زربية من صوف بكر من أزيلال", narrow(18)) == "زربية من صوف بكر"


def test_a_word_longer_than_the_room_is_cut_between_whole_letters() -> None:
    assert fit_title("abcde\u0301fghij", narrow(5)) == "abcd"


def test_a_description_is_cut_at_a_line_or_a_sentence() -> None:
    text = "Un tapis épais.  Noué main.\r\n\n\n\nLavage à sec. Expédié roulé."
    assert {n: fit_description(text, narrow(n)) for n in (100, 45, 30, 10)} == {
        100: "Un tapis épais. Noué main.\n\nLavage à sec. Expédié roulé.",
        45: "Un tapis épais. Noué main.\n\nLavage à sec.",
        30: "Un tapis épais. Noué main.",
        10: "Un tapis",
    }


def test_tags_keep_letters_and_stay_apart() -> None:
    tags = ["Tapis berbère", "tapis BERBERE!", "décoration de la maison", "100% laine", "صوف بكر"]
    assert fit_tags(tags, TAGGED) == ("Tapis berbère", "décoration", "100 laine", "صوف بكر")


def test_a_lone_direction_control_goes_and_a_pair_stays() -> None:
    assert tidy("زربية \u2067Azilal\u2069 \u2069 \u202bBeni") == "زربية \u2067Azilal\u2069 Beni"


@given(MIXED, st.integers(20, 120))
def test_a_title_keeps_to_its_limits_and_to_its_own_words(text: str, length: int) -> None:
    limits = narrow(length)
    title = fit_title(text, limits)
    bare = dict.fromkeys(map(ord, _BIDI))
    own = re.split(r"[\s!$?&:,]+", text.translate(bare))
    longest = max(map(len, text.split()), default=0)
    assert len(title) <= length
    assert title == " ".join(title.split())
    assert not set(title) & set(limits.title_signs)
    assert all(title.count(sign) <= 1 for sign in limits.title_signs_once)
    if longest <= length:
        kept = re.split(r"[\s&:,]+", title.translate(bare))
        assert all(any(word in other for other in own) for word in kept)


@given(MIXED, st.integers(20, 120))
def test_no_control_is_alone_and_no_letter_loses_its_marks(text: str, length: int) -> None:
    fitted = fit_description(text, narrow(length))
    controls = Counter(fitted)
    assert sum(controls[c] for c in "\u2066\u2067\u2068") == controls["\u2069"]
    assert sum(controls[c] for c in "\u202a\u202b\u202d\u202e") == controls["\u202c"]
    rest = tidy(text)[len(fitted) :] if tidy(text).startswith(fitted) else ""
    assert not (fitted and rest and unicodedata.category(rest[0]) == "Mn")


@given(st.lists(MIXED, max_size=8))
def test_tags_are_short_few_and_different(tags: list[str]) -> None:
    fitted = fit_tags(tags, TAGGED)
    assert len(fitted) <= TAGGED.tags
    assert all(len(tag) <= TAGGED.tag_length for tag in fitted)
    assert len({fold(tag) for tag in fitted}) == len(fitted)
