"""The colours of each piece, main one first, as its drawing takes them."""

from collections.abc import Mapping, Sequence

from trade_ma.demo.drawing.canvas import Colour, colour

_CODES = {
    # Wool: field, then the inks; a kilim's last colour is the line between its bands.
    "cream_brown": "efe6d3 3a2c24",
    "cream_grey": "f2ecdf 6d6762",
    "cream_black": "efe6d3 2a2624",
    "azilal": "efe5d0 c2361f 1f5fa8 e0a020 2f7d4f 7c2f7a",
    "azilal_warm": "f0e4cc b5391f d9772b 8a2f45 3d3f7a",
    "rose_black": "e58fb0 232023 c23a55 efe5d0 8a8f98 d9653b",
    "madder": "8e1f1f 1e2a44 d9a441 efe3c8 20201e",
    "indigo": "27407a efe3c8 c77d2e 5f86b8 1a2038",
    "boujaad": "a8322a d9653b e38fa0 7a1d3c f0c070 c23a55",
    "bridal": "f3efe6 d9cfbd c9b37a",
    # Zellige: ground, large star, small star, rosette.
    "fes_blue": "f2ead8 1f5fa8 157a52 d9a520",
    "fes_green": "f4ecd6 1c7a50 b3402a e0ac2e",
    "black_white": "f1ebdd 211f22 5b5652 f1ebdd",
    "earth": "efe2c6 a8502a 2f6b4a 3b2a22",
    "green_glaze": "157a52 1c8f61 12683f",
    "blue_glaze": "1d4c9a 2560b4 183f80",
    # Pottery: glaze, ink, second, third.
    "cobalt": "f7f3ea 1d3f8f 2f7fc0 1d3f8f",
    "cobalt_vase": "f7f3ea 1d3f8f 2f7fc0 1d3f8f",
    "fes_poly": "f7f3ea 1d3f8f 1f8a70 e0a62a",
    "safi": "f3ead8 1d3f8f 157a52 c9762b",
    "green_yellow": "f6efd8 1f6b45 e0ac2e 8a3f22",
    "white_blue": "f2ede0 24509c 24509c 6fa3d8",
    "terracotta": "c4622d 43210f f0dcb8 1d3f8f",
    "tamegroute": "2f7a4a 173f28 c8d070 8fb04a",
    "orange": "d9772b 3b2417 f1e3c8 157a52",
    # Leather: hide, lining or tooling, thread.
    "saffron_shoe": "e8b923 6b4a1a fff4cf",
    "red_shoe": "b3262a e8cfa0 f5dfa8",
    "green_shoe": "2f7d5a e6d9b8 f0e6b4",
    "white_shoe": "efe9dc cdb48a c9a24a",
    "tan": "9a5a2b 4a2712 f0d9a8",
    "black_leather": "2b2827 0f0e0e c9a86a",
    "oxblood": "6e1f25 370d12 e3c48e",
    "antique": "7a5230 3a2413 d8bc86",
    "tan_pouf": "a9652f efe0c2 fff4d8",
    "white_pouf": "efe9dc d9c79a c9a24a",
    "blue_pouf": "2b4fb0 ece6d8 f4e3a8",
    # Metal: body, trim or engraving.
    "brass": "b98a3e e0b75e",
    "silver": "a9aeb5 e2e4e6",
    "copper": "b0653a e09a6a",
    "brass_tray": "d8b15a 6b4a17",
    "silver_tray": "c9ccd0 4d5157",
    "copper_tray": "c47a4a 5a2a14",
    # Wood: burr, inlay, ebony. Baskets: straw, star, second.
    "thuya": "8a4a22 e8cf8e 22150f",
    "thuya_light": "b06a34 f0dca4 3a2216",
    "thuya_dark": "43281a d9c08a 120c09",
    "thuya_red": "7a3020 ecd79a 1d0f0b",
    "palm_red": "dcc08a c2361f 1f5fa8",
    "palm_blue": "dfc794 1f5fa8 c9762b",
    "palm_black": "e2cfa2 26221f 8a5a2b",
    "palm_green": "dcc58c 2f6b3f 8fae4a",
}

PALETTES: Mapping[str, Sequence[Colour]] = {
    name: tuple(map(colour, codes.split())) for name, codes in _CODES.items()
}
