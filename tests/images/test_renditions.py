"""Photos as a marketplace's rule wants them."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from images.errors import BadPhoto
from images.renditions import Rendered, recipe, render, render_all, rendition, rendition_name
from images.rules import Fit, ImageRule, Role
from images.store import PhotoStore
from tests.images.pictures import corners, opened, picture, saved

RULE = ImageRule(Role.MAIN, min_side=100, max_side=400, max_bytes=10**6, count=5)
UPRIGHT = ["red", "green", "black", "blue"]

# How each orientation's file shows UPRIGHT on the sensor: its inverse turn, by EXIF 2.32.
AS_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATION, GPS, LATITUDE = 0x0112, 0x8825, 2


def taken(orientation: int, kind: str = "jpeg") -> bytes:
    """A phone's photo of 800 x 600, held in that way, that tells where it was taken."""
    turn = AS_STORED[orientation]
    upright = picture(800, 600)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[LATITUDE] = (IFDRational(31), IFDRational(37), IFDRational(46))
    return saved(upright if turn is None else upright.transpose(turn), kind, exif=exif.tobytes())


def look(content: bytes) -> tuple[tuple[int, int], list[str]]:
    """Size and corners of a rendition."""
    image = opened(content)
    return image.size, corners(image)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heif", "tiff"])
@pytest.mark.parametrize("orientation", AS_STORED)
def test_a_photo_stands_upright_however_the_phone_was_held(orientation: int, kind: str) -> None:
    assert look(render(taken(orientation, kind), RULE)) == ((400, 300), UPRIGHT)


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
def test_no_metadata_comes_out(media_type: str) -> None:
    content = taken(6)
    assert opened(content).getexif().get_ifd(GPS), "the photo should tell where it was taken"
    image = opened(render(content, replace(RULE, media_type=media_type)))
    assert f"image/{(image.format or '').lower()}" == media_type
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp", "dpi"} & set(image.info)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("jpeg", "CMYK"),
        ("png", "P"),
        ("gif", "P"),
        ("tiff", "CMYK"),
        ("png", "RGBA"),
        ("webp", "RGBA"),
        ("avif", "RGB"),
        ("bmp", "RGB"),
    ],
)
def test_colours_survive_every_kind_of_file(kind: str, mode: str) -> None:
    assert look(render(saved(picture(800, 600, mode), kind), RULE)) == ((400, 300), UPRIGHT)


def test_sixteen_bits_of_grey_keep_their_middle() -> None:
    grey = Image.new("I;16", (200, 200), 0x8000)
    assert opened(render(saved(grey, "png"), RULE)).getpixel((100, 100)) == (128, 128, 128)


def test_what_shines_through_shows_the_background() -> None:
    glass = picture(800, 600, "RGBA")
    glass.putalpha(0)
    beige = replace(RULE, background=(240, 230, 210), media_type="image/png")
    assert opened(render(saved(glass, "png"), beige)).getpixel((200, 150)) == (240, 230, 210)


def test_a_palette_with_a_clear_colour_shows_the_background() -> None:
    stamp = Image.new("P", (200, 200), 0)
    stamp.putpalette([0, 0, 0, 220, 20, 20])
    content = saved(stamp, "png", transparency=0)
    shown = opened(render(content, replace(RULE, media_type="image/png")))
    assert shown.getpixel((50, 50)) == (255, 255, 255)


def test_the_first_frame_stands_for_an_animation() -> None:
    still, other = picture(400, 300), Image.new("RGB", (400, 300), "white")
    moving = saved(still, "gif", save_all=True, append_images=[other])
    assert look(render(moving, RULE)) == ((400, 300), UPRIGHT)


def test_a_profile_that_speaks_of_another_colour_space_is_passed_over() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    content = saved(picture(800, 600), "jpeg", icc_profile=lab)
    assert look(render(content, RULE)) == ((400, 300), UPRIGHT)


def test_a_damaged_profile_does_not_cost_the_photo() -> None:
    content = saved(picture(800, 600), "jpeg", icc_profile=b"no profile at all")
    assert look(render(content, RULE)) == ((400, 300), UPRIGHT)


def test_a_wide_gamut_comes_to_srgb_through_its_profile(shared: Path) -> None:
    content = (shared / "photos/cooperatives/edge/adobergb_icc.jpg").read_bytes()
    plain = opened(content)
    plain.info.clear()
    as_told, ignored = (
        opened(render(told, replace(RULE, max_side=64, min_side=1, media_type="image/png")))
        for told in (content, saved(plain, "png"))
    )
    # Adobe RGB read as sRGB is paler: the conversion has to add colour.
    assert _colourfulness(as_told) > 1.05 * _colourfulness(ignored)


def _colourfulness(image: Image.Image) -> float:
    levels = image.convert("HSV").getchannel("S").histogram()
    return sum(level * count for level, count in enumerate(levels)) / sum(levels)


@pytest.mark.parametrize(
    ("fit", "size", "seen"),
    [
        (Fit.KEEP, (400, 300), UPRIGHT),
        (Fit.CROP, (400, 400), UPRIGHT),
        (Fit.PAD, (400, 400), UPRIGHT),
    ],
)
def test_a_photo_is_fitted_as_the_rule_says(
    fit: Fit, size: tuple[int, int], seen: list[str]
) -> None:
    square = replace(RULE, fit=fit, ratio=1.0)
    assert look(render(taken(1), square)) == (size, seen)


def test_padding_is_of_the_background_colour() -> None:
    square = replace(RULE, fit=Fit.PAD, ratio=1.0, background=(9, 99, 199), media_type="image/png")
    image = opened(render(taken(1), square))
    edges = {image.getpixel(place) for place in [(0, 0), (399, 0), (200, 49), (200, 350)]}
    assert edges == {(9, 99, 199)}


def test_quality_gives_way_to_a_limit_of_bytes() -> None:
    noisy = saved(Image.effect_noise((800, 800), 90).convert("RGB"), "png")
    full = len(render(noisy, RULE))
    tight = replace(RULE, max_bytes=full * 2 // 3)
    assert len(render(noisy, tight)) <= tight.max_bytes
    with pytest.raises(BadPhoto, match="more than 999 bytes") as refusal:
        render(noisy, replace(RULE, max_bytes=999))
    assert refusal.value.code == "too_large"


def test_a_photo_too_small_for_the_market_is_refused() -> None:
    with pytest.raises(BadPhoto, match=r"has 800 pixels .* 1000 are needed"):
        render(taken(6), replace(RULE, min_side=1000, max_side=2000))


def test_the_same_photo_gives_the_same_bytes() -> None:
    assert render(taken(6), RULE) == render(taken(6), RULE)


def test_one_photo_serves_several_rules_and_a_rule_that_it_breaks_stops_no_other() -> None:
    small = replace(RULE, max_side=200, fit=Fit.CROP, ratio=1.0)
    made = render_all(taken(6), [small, replace(RULE, min_side=900, max_side=2000), RULE])
    assert [_told(one) for one in made] == [(200, 200), "too_small", (400, 300)]
    for one in made[0], made[2]:
        assert isinstance(one, Rendered)
        assert corners(opened(one.content)) == UPRIGHT


def _told(one: Rendered | BadPhoto) -> tuple[int, int] | str:
    return one.code if isinstance(one, BadPhoto) else (one.width, one.height)


def test_a_photo_that_would_better_be_larger_is_sent_as_it_is_and_told_of() -> None:
    [made] = render_all(taken(1), [replace(RULE, max_side=2000, wanted_side=1000)])
    assert isinstance(made, Rendered)
    assert (made.width, made.pixels, made.wanted) == (800, 800, 1000)
    [made] = render_all(taken(1), [replace(RULE, wanted_side=400)])
    assert isinstance(made, Rendered)
    assert made.wanted == 0


def test_a_refusal_carries_its_numbers() -> None:
    [refused] = render_all(taken(1), [replace(RULE, min_side=1000, max_side=2000)])
    assert isinstance(refused, BadPhoto)
    assert refused.numbers == {"pixels": 800, "wanted": 1000}


def test_a_rendition_is_made_once(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    sha256 = store.add(taken(6))
    first = rendition(store, sha256, RULE)
    # Without the original, only what was kept can answer.
    store.forget(sha256)
    assert rendition(store, sha256, RULE) == first
    assert rendition_name(sha256, RULE) == f"{sha256[:2]}/{sha256}-{recipe(RULE)}.jpg"


def test_a_recipe_names_what_changes_pixels_and_nothing_else() -> None:
    assert recipe(replace(RULE, role=Role.ZOOM, count=1)) == recipe(RULE)
    others = [
        replace(RULE, max_side=401),
        replace(RULE, background=(0, 0, 0)),
        replace(RULE, fit=Fit.PAD, ratio=1.0),
        replace(RULE, media_type="image/webp"),
    ]
    assert len({recipe(rule) for rule in [RULE, *others]}) == len(others) + 1


def test_every_sane_photo_beside_the_checkout_is_rendered(shared: Path) -> None:
    photos = sorted((shared / "photos").glob("*.*g"))[::6]
    rule = replace(RULE, min_side=50)
    seen = {path.name: opened(render(path.read_bytes(), rule)) for path in photos}
    assert {name for name, image in seen.items() if max(image.size) > rule.max_side} == set()
    assert {image.mode for image in seen.values()} == {"RGB"}
