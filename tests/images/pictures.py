"""Pictures that tests draw themselves, and how to look at what came back."""

from io import BytesIO

from PIL import Image, ImageDraw

# The corners of every test picture, clockwise from the upper left.
CORNERS = {"red": (220, 20, 20), "green": (20, 160, 20), "blue": (20, 20, 220), "black": (0, 0, 0)}
TOLERANCE = 24


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Four quarters: red, green, black below green, blue below red."""
    drawn = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(drawn)
    middle, down = width // 2, height // 2
    draw.rectangle((0, 0, middle, down), fill=CORNERS["red"])
    draw.rectangle((middle, 0, width, down), fill=CORNERS["green"])
    draw.rectangle((0, down, middle, height), fill=CORNERS["blue"])
    draw.rectangle((middle, down, width, height), fill=CORNERS["black"])
    return drawn.convert(mode)


def saved(image: Image.Image, kind: str = "jpeg", **options: object) -> bytes:
    """The bytes of a file of that kind."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    """The picture in those bytes, loaded."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """The names of the four quarters' colours: upper left, upper right, lower right, lower left."""
    width, height = image.size
    places = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    return [_name(image.getpixel((int(x * width), int(y * height)))) for x, y in places]


def _name(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    for name, colour in CORNERS.items():
        if all(abs(a - b) <= TOLERANCE for a, b in zip(pixel, colour, strict=True)):
            return name
    return str(pixel)
