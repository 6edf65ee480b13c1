import re

import pytest

from catalog.folding import fold
from catalog.vocabulary.crafts import CRAFTS, find_craft


def test_every_craft_has_a_subheading_of_six_digits() -> None:
    assert len(CRAFTS) >= 40
    assert [code for code, craft in CRAFTS.items() if not re.fullmatch(r"\d{6}", craft.hs)] == []


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("Tapis Beni Ourain losanges", "Tapis"), "rug-beni-ourain"),
        (("Coussin kilim pompons", None), "cushion"),
        (("Yellow leather babouches", None), "babouches"),
        (("زربية أزيلال متعددة الألوان", None), "rug-azilal"),
        (("القفطان المطرز", None), "caftan"),
        (("Pièce unique", "Vannerie"), "basketry"),
        (("Objet", None), None),
    ],
)
def test_a_craft_is_found_in_what_people_write(
    texts: tuple[str, str | None], code: str | None
) -> None:
    assert find_craft(*texts) == code


def test_spellings_of_one_word_fold_to_one() -> None:
    assert fold("Théière") == fold("THEIERE")
    assert fold("الأبعاد") == fold("الابعاد")
    assert fold("N° d’article (٣)") == "n d'article 3"
