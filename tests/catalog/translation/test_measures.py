from catalog.translation.facts import Span
from catalog.translation.measures import conventions, days, size, weight


def test_a_rug_is_in_feet_for_the_us_and_in_centimetres_elsewhere() -> None:
    sides = (Span(200, 200), Span(300, 300))
    assert {
        "en-US": size(sides, "en-US", "en"),
        "es-US": size(sides, "es-US", "es"),
        "en-GB": size(sides, "en-GB", "en"),
        "ja-JP": size(sides, "ja-JP", "en"),
        "ar-AE": size(sides, "ar-AE", "ar", " × "),
    } == {
        "en-US": "6.6 x 9.8 ft (200 x 300 cm)",
        "es-US": "6.6 x 9.8 ft (200 x 300 cm)",
        "en-GB": "200 x 300 cm",
        "ja-JP": "200 x 300 cm",
        "ar-AE": "200 × 300 سم",
    }


def test_a_small_piece_is_in_inches_and_decimals_are_the_locales() -> None:
    sides = (Span(45.5, 45.5), Span(60, 60))
    assert size(sides, "en-US", "en") == "17.9 x 23.6 in (45.5 x 60 cm)"
    assert size(sides, "de-DE", "de") == "45,5 x 60 cm"


def test_variants_that_differ_show_from_where_to_where() -> None:
    assert size((Span(80, 120),), "fr-FR", "fr") == "80–120 cm"
    assert weight(Span(1000, 2500), "it-IT", "it") == "1–2,5 kg"


def test_weights_change_unit_at_a_kilogram_and_at_a_pound() -> None:
    assert [weight(Span(g, g), "en-US", "en") for g in (250, 500, 12_000)] == [
        "8.8 oz (250 g)",
        "1.1 lb (500 g)",
        "26.5 lb (12 kg)",
    ]
    assert [weight(Span(g, g), "fr-FR", "fr") for g in (250, 1250)] == ["250 g", "1,25 kg"]


def test_days_stand_in_the_plural_of_their_number() -> None:
    counts = (1, 2, 3, 14)
    assert [days(n, "ar-AE", "ar") for n in counts] == ["يوم", "يومان", "3 أيام", "14 يومًا"]
    assert [days(n, "it-IT", "it") for n in counts[:2]] == ["1 giorno", "2 giorni"]


def test_a_country_unknown_to_a_language_leaves_the_language_to_decide() -> None:
    assert conventions("es-MX", "es") == "es_MX"
    assert conventions("ja-JP", "en") == "en"


def test_a_span_is_known_only_where_every_variant_tells() -> None:
    assert Span.over([80, 120, 100]) == Span(80, 120)
    assert Span.over([80, None]) is None
    assert Span.over([]) is None
