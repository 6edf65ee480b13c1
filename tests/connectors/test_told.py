"""Words as marketplaces tell them back: laid out otherwise, they are the same words."""

from dataclasses import replace

import pytest

from connectors.protocol import Remote, RemoteListing, Text
from connectors.shopify.mapper import description_html
from connectors.told import own_words, plain_text, says, says_description, says_title

RUG = Text("en", "A wool rug", "Knotted by hand.\n\nWashed < once & dried.", ("Wool", "300 cm"))
SHOWN = RemoteListing(Remote("1"), "A wool  rug", (), present=True, description=RUG.description)


@pytest.mark.parametrize(
    "description",
    [
        RUG.description,
        "Knotted by hand. Washed < once & dried.",
        f"• Wool\n• 300 cm\n\n{RUG.description}",
        f"{RUG.description}\n\nWool\n300 cm",
        None,
    ],
)
def test_bullets_and_white_space_may_stand_as_the_marketplace_likes(
    description: str | None,
) -> None:
    assert says(replace(SHOWN, description=description), RUG)


@pytest.mark.parametrize("description", ["", "Knotted by hand.", f"Silk\n\n{RUG.description}"])
def test_other_words_are_others(description: str) -> None:
    shown = replace(SHOWN, description=description)
    assert (says_title(shown, RUG), says_description(shown, RUG)) == (True, False)


def test_another_title_is_another() -> None:
    assert not says(replace(SHOWN, title="A silk rug"), RUG)


def test_a_text_survives_the_way_to_html_and_back() -> None:
    assert plain_text(description_html(RUG)) == f"{RUG.description}\n\nWool\n300 cm"


def test_html_of_an_editor_is_read_as_a_buyer_reads_it() -> None:
    html = (
        "<style>p{}</style><h2>Care</h2>\n<p>Wash\ncold<br/>Dry <b>flat</b></p><script>1</script>"
    )
    assert plain_text(html) == "Care\n\nWash cold\nDry flat"


def test_our_bullets_are_taken_out_of_what_a_marketplace_tells() -> None:
    assert own_words("• Wool\n• 300 cm\n\nA new text.\nWool and silk.", RUG.bullets) == (
        "A new text.\nWool and silk."
    )
