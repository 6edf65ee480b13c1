"""Things drawn as photos show them: a woven cushion on a ground."""

import random

from PIL import Image, ImageDraw

GROUND = (170, 150, 130)


def cushion(seed: int = 1, side: int = 600, ground: tuple[int, int, int] = GROUND) -> Image.Image:
    """A cushion of coloured lozenges, sharp to the pixel, no two seeds alike."""
    chance = random.Random(seed)
    drawn = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(drawn)
    step = side // 10
    for x in range(2 * step, 8 * step, step):
        for y in range(2 * step, 8 * step, step):
            colour = chance.choices(range(20, 230), k=3)
            edges = [(x + step // 2, y), (x + step, y + step // 2)]
            edges += [(x + step // 2, y + step), (x, y + step // 2)]
            draw.rectangle((x, y, x + step, y + step), fill=(90, 20, 20))
            draw.polygon(edges, fill=tuple(colour))
    return drawn
