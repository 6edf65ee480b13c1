from catalog.translation.options import localized


def test_names_and_known_values_are_said_in_the_markets_language() -> None:
    options = (("Taille", "M"), ("Couleur", "Rouge"), ("Contenance", "Petite"))
    assert {locale: localized(options, locale) for locale in ("en-US", "en-GB", "de", "ar-AE")} == {
        "en-US": (("Size", "M"), ("Color", "Red"), ("Capacity", "Petite")),
        "en-GB": (("Size", "M"), ("Colour", "Red"), ("Capacity", "Petite")),
        "de": (("Größe", "M"), ("Farbe", "Rot"), ("Inhalt", "Petite")),
        "ar-AE": (("المقاس", "M"), ("اللون", "أحمر"), ("السعة", "Petite")),
    }


def test_any_of_the_six_languages_is_understood() -> None:
    assert localized((("اللون", "حمراء"), ("Material", "Wolle")), "fr-FR") == (
        ("Couleur", "Rouge"),
        ("Matière", "Laine"),
    )


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert localized((("Franges", "à droite"),), "en-US") == (("Franges", "à droite"),)


def test_two_shades_never_become_one_choice() -> None:
    values = [localized((("Couleur", shade),), "en-GB")[0][1] for shade in ("écru", "naturel")]
    assert values[0] != values[1]
