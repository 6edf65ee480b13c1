"""What is said of photos: drawn ones, spoiled in one way each, and real ones."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from images.checks import Finding, Severity, check, check_rule, duplicate, unreadable
from images.errors import BadPhoto
from images.fingerprints import distance, first_alike
from images.measures import PAGE_SIDE, Measures, measure, measures
from images.rules import Fit, ImageRule, Role
from tests.images.crafts import GROUND, cushion
from tests.images.pictures import saved

MAIN = ImageRule(
    Role.MAIN,
    min_side=500,
    max_side=3000,
    max_bytes=10**7,
    count=1,
    fit=Fit.PAD,
    ratio=1.0,
    wanted_side=1000,
)
GALLERY = ImageRule(
    Role.GALLERY, min_side=500, max_side=3000, max_bytes=10**7, count=8, wanted_side=1000
)
WHITE = (255, 255, 255)


def measured(picture: Image.Image) -> Measures:
    return measures(picture, *picture.size)


def codes(picture: Image.Image) -> list[str]:
    return [finding.code for finding in check(measured(picture))]


def exposed(picture: Image.Image, stops: float) -> Image.Image:
    """The same with so many stops more light, by the power law of 2.2 that is near sRGB's curve."""
    return picture.point(
        [
            min(255, round(255 * ((level / 255) ** 2.2 * 2**stops) ** (1 / 2.2)))
            for level in range(256)
        ]
        * 3
    )


def test_of_a_good_photo_nothing_is_said() -> None:
    assert codes(cushion()) == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(3)), ["blurry"]),
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(12)), ["blurry"]),
        (lambda photo: photo.filter(ImageFilter.BoxBlur((8, 0))), ["blurry"]),
        (lambda photo: exposed(photo, -2.5), ["too_dark"]),
        (
            lambda photo: exposed(photo, 2).point(
                [80 + level * 3 // 4 for level in range(256)] * 3
            ),
            ["too_bright"],
        ),
        (lambda photo: photo.point([110 + level // 5 for level in range(256)] * 3), ["flat"]),
        (lambda photo: ImageOps.expand(photo.crop((120, 120, 480, 480)), 20, "black"), ["framed"]),
        (lambda photo: ImageOps.expand(photo, (40, 0), "white"), ["framed"]),
        (lambda photo: Image.new("RGB", photo.size, (140, 140, 140)), ["flat"]),
    ],
    ids=["soft", "very soft", "shaken", "dark", "burnt out", "hazy", "frame", "bars", "nothing"],
)
def test_a_spoiled_photo_is_told_of(
    spoil: Callable[[Image.Image], Image.Image], expected: list[str]
) -> None:
    assert codes(spoil(cushion())) == expected


def test_a_thing_that_is_sharp_on_a_soft_ground_is_sharp() -> None:
    soft = cushion(2, 900).filter(ImageFilter.GaussianBlur(15))
    soft.paste(cushion(3, 300), (300, 300))
    assert codes(soft) == []


def stamped(photo: Image.Image, place: tuple[int, int]) -> Image.Image:
    ImageDraw.Draw(photo).text(place, "24/11/2026", fill=(240, 120, 20), font_size=28)
    return photo


@pytest.mark.parametrize("place", [(20, 20), (430, 20), (20, 550), (430, 550)])
def test_words_in_a_corner_are_seen(place: tuple[int, int]) -> None:
    assert codes(stamped(cushion(), place)) == ["marked"]


def test_a_thing_that_reaches_into_a_corner_is_no_mark() -> None:
    photo = cushion()
    photo.paste((60, 20, 20), (0, 540, 60, 600))
    assert codes(photo) == []


@pytest.mark.parametrize("ground", [WHITE, (0, 0, 0), (200, 30, 30), (236, 236, 236)])
def test_a_square_thing_on_a_plain_ground_is_not_framed(ground: tuple[int, int, int]) -> None:
    assert "framed" not in codes(cushion(ground=ground))


def test_a_thing_that_leaves_the_picture_on_one_side_has_no_bars() -> None:
    assert codes(cushion().crop((0, 0, 300, 600))) == []


@pytest.mark.parametrize(
    ("ground", "said"),
    [(WHITE, None), ((252, 251, 253), None), ((240, 240, 240), 0), (GROUND, 0)],
)
def test_the_ground_of_a_main_photo_is_to_be_white(
    ground: tuple[int, int, int], said: int | None
) -> None:
    found = check_rule(measured(cushion(side=1000, ground=ground)), MAIN, "Amazon")
    told = Finding("not_white", details={"percent": said or 0, "market": "Amazon"})
    assert found == (() if said is None else (told,))


def test_a_thing_may_touch_the_edges_of_a_white_photo() -> None:
    photo = cushion(side=1000, ground=WHITE)
    photo.paste(GROUND, (300, 700, 700, 1000))
    assert check_rule(measured(photo), MAIN, "Amazon") == ()


def test_white_bars_do_not_make_the_ground_white() -> None:
    photo = ImageOps.expand(cushion(side=1000), (0, 400), "white")
    [finding] = check_rule(measured(photo), MAIN, "Amazon")
    assert (finding.code, finding.details["percent"]) == ("not_white", 0)


def test_other_photos_may_have_any_ground() -> None:
    assert check_rule(measured(cushion(side=1000)), GALLERY, "Amazon") == ()


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        (
            400,
            Finding(
                "too_small",
                Severity.REFUSED,
                {"pixels": 400, "wanted": 500, "market": "Amazon"},
            ),
        ),
        (
            800,
            Finding("small", details={"pixels": 800, "wanted": 1000, "market": "Amazon"}),
        ),
    ],
)
def test_a_small_photo_is_told_of_with_its_pixels(side: int, expected: Finding) -> None:
    assert check_rule(measured(cushion(side=side)), GALLERY, "Amazon") == (expected,)


def test_what_is_cut_away_does_not_count_as_size() -> None:
    rule = ImageRule(
        Role.GALLERY,
        min_side=100,
        max_side=800,
        max_bytes=10**7,
        count=1,
        fit=Fit.CROP,
        ratio=1.0,
        wanted_side=500,
    )
    photo = cushion(side=900).crop((0, 300, 900, 600))
    [finding] = check_rule(measured(photo), rule, "Etsy")
    assert finding.details == {"pixels": 300, "wanted": 500, "market": "Etsy"}


def test_a_file_is_measured_as_a_page_shows_it() -> None:
    """Upright, with the pixels of the original, transparency on white, nothing enlarged."""
    tall = cushion(side=2 * PAGE_SIDE).crop((0, 0, PAGE_SIDE, 2 * PAGE_SIDE))
    lying = Image.Exif()
    lying[0x0112] = 6
    turned = measure(saved(tall.rotate(90, expand=True), "png", exif=lying))
    upright = measure(saved(tall, "png"))
    assert (turned.width, turned.height) == (PAGE_SIDE, 2 * PAGE_SIDE)
    assert distance(turned.fingerprint, upright.fingerprint) <= 1
    cut_out = cushion(ground=WHITE).convert("RGBA")
    cut_out.putalpha(cut_out.convert("L").point([255] * 254 + [0, 0]))
    assert measure(saved(cut_out, "png")) == measured(cushion(ground=WHITE))


def test_one_pixel_is_measured_too() -> None:
    assert codes(Image.new("RGB", (1, 1), "white")) == ["too_bright"]


def test_a_photo_that_cannot_be_read_keeps_its_code_and_numbers() -> None:
    bad = BadPhoto("too_large", "too large", bytes=7, most=5)
    assert unreadable(bad) == Finding("too_large", Severity.UNREADABLE, {"bytes": 7, "most": 5})


def test_a_duplicate_names_the_other_photo() -> None:
    assert duplicate("TAP-1", "a.jpg").details == {"product": "TAP-1", "photo": "a.jpg"}


# Looked at one by one: white bars added by a shop's software, an auction's logo, and a bracelet
# that is hardly to be seen.
TOLD_OF = {
    "bijoux-bijoux02.jpg": ["too_dark"],
    "cooperatives/coussin-kilim-01.jpg": ["framed"],
    "cooperatives/coussin-kilim-02.jpg": ["framed"],
    "cooperatives/kilim-rouge-losanges-01.jpg": ["framed"],
    "dinanderie-dinanderie.jpg": ["marked"],
    "tapis-coussin01.jpg": ["framed"],
    "tapis-coussin02.jpg": ["framed"],
    "tapis-coussin03.jpg": ["framed"],
    "tapis-tapi-11.jpg": ["framed"],
    "tapis-tapis01.jpg": ["framed"],
    "tapis-tapis02.jpg": ["framed"],
    "tapis-tapis03.jpg": ["framed"],
}

# Those of the shop that were cut out, or stand on paper that is white to the last level.
ON_WHITE = {
    *(f"cuir-babouch0{number}.jpg" for number in range(1, 5)),
    "cuir-babouche-femme-berbere.jpg",
    *(f"cuir-pouf0{number}.jpg" for number in range(1, 5)),
    *(f"cuir-sac0{number}.jpg" for number in range(2, 5)),
    "dinanderie-dinanderie.jpg",
    "dinanderie-plafonnier01.jpg",
    "dinanderie-theiere01.jpg",
    "poterie-vase01.png",
    "poterie-vase02.png",
    "tapis-tapi-13.jpg",
    "tapis-tapi-14.jpg",
    "tapis-tapi-15.png",
    *(f"tapis-tapie{number}.jpg" for number in (1, 2, 5, 6, 7)),
}


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, Measures]:
    """The measures of the shop's photos, and of the cooperatives'."""
    folder = shared / "photos"
    files = [one for one in sorted(folder.glob("**/*.*")) if one.suffix != ".csv"]
    good = [one for one in files if one.parent.name != "edge"]
    with ThreadPoolExecutor() as threads:
        found = threads.map(lambda file: measure(file.read_bytes()), good)
    names = (one.relative_to(folder).as_posix() for one in good)
    return dict(zip(names, found, strict=True))


def test_of_real_photos_only_those_that_deserve_it_are_told_of(real: dict[str, Measures]) -> None:
    said = {name: [one.code for one in check(measured)] for name, measured in real.items()}
    assert len(real) > 140
    assert {name: codes for name, codes in said.items() if codes} == TOLD_OF


def test_of_real_photos_those_on_white_are_known(real: dict[str, Measures]) -> None:
    shop = {name: one for name, one in real.items() if not name.startswith("cooperatives/")}
    said = {name: [f.code for f in check_rule(one, MAIN, "Amazon")] for name, one in shop.items()}
    assert {name for name, codes in said.items() if "not_white" not in codes} == ON_WHITE


def test_of_real_photos_one_is_there_in_two_sizes(real: dict[str, Measures]) -> None:
    shop = {name: one for name, one in real.items() if not name.startswith("cooperatives/")}
    prints = {name: one.fingerprint for name, one in shop.items()}
    assert first_alike(prints) == {"tapis-tapie4.jpg": "tapis-tapie3.jpg"}
