"""A seller taxonomy for craft: small, and with ids of its own.

Names follow Etsy's manner, but a connector must look a category up by its path, as it must on
Etsy, where ids come and go.
"""

from connectors.sandbox.etsy import views
from connectors.sandbox.etsy.call import Call, Json, not_found
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Shop

taxonomy = Operations()

_TREE = """
Accessories
  Belts & Suspenders
    Belts
  Hats & Head Coverings
    Hats
  Scarves & Wraps
    Scarves
    Shawls & Wraps
Art & Collectibles
  Collectibles
  Painting
  Sculpture
Bags & Purses
  Backpacks
  Handbags
    Crossbody Bags
    Shoulder Bags
  Luggage & Travel
  Market Bags
  Pouches & Coin Purses
  Totes
  Wallets & Money Clips
    Wallets
Bath & Beauty
  Bath Accessories
  Fragrances
  Hair Care
  Skin Care
    Facial Care
  Soaps
Books, Movies & Music
  Music
    Musical Instruments
Clothing
  Gender-Neutral Adult Clothing
    Jackets & Coats
    Robes
  Men's Clothing
  Women's Clothing
    Dresses
Home & Living
  Bath
  Bedding
    Blankets & Throws
      Blankets
      Throws
  Floor & Rugs
    Floor Mats
    Rugs
  Food & Drink
    Coffee & Tea
      Tea
    Herbs & Spices
  Furniture
    Living Room Furniture
      Coffee & End Tables
      Ottomans & Poufs
  Home Decor
    Boxes
    Candles & Holders
    Decorative Pillows
    Mirrors
      Wall Mirrors
    Ornaments & Accents
    Vases
    Wall Decor
      Garlands
      Wall Hangings
  Home Improvement
    Tile
  Kitchen & Dining
    Cookware
    Dining & Serving
      Bowls
      Plates
      Serving Trays
    Drink & Barware
      Drinkware
      Teapots
    Linens
      Tablecloths
  Lighting
    Chandeliers & Pendant Lights
    Lamps
    Lanterns
    Sconces
  Storage & Organization
    Baskets
    Boxes
Jewelry
  Bracelets
  Brooches
  Earrings
  Necklaces
  Rings
Paper & Party Supplies
  Paper
Shoes
  Men's Shoes
    Sandals
  Unisex Adult Shoes
    Slippers
  Women's Shoes
    Sandals
    Slip Ons
Toys & Games
  Toys
"""

# Ids as sellers quote them in github.com/etsy/open-api (issues 168, 385 and 501): 513 and 514 are
# the two properties that a seller may name freely, in any category.
SIZE, COLOUR, MATERIAL = 100, 200, 507
CUSTOM_PROPERTIES = frozenset({513, 514})
_NAMES = {SIZE: "Size", COLOUR: "Primary color", MATERIAL: "Material"}
_COLOURS = (
    "Beige", "Black", "Blue", "Bronze", "Brown", "Clear", "Copper", "Gold", "Gray", "Green",
    "Orange", "Pink", "Purple", "Rainbow", "Red", "Rose gold", "Silver", "White", "Yellow",
)  # fmt: skip
VARIATION_PROPERTIES = CUSTOM_PROPERTIES | _NAMES.keys()
_FIRST_ID = 20_001


def _grown() -> tuple[list[Json], dict[int, Json]]:
    """The roots, and every node by its id."""
    path: list[Json] = []
    roots: list[Json] = []
    by_id: dict[int, Json] = {}
    for number, line in enumerate(_TREE.strip().splitlines(), start=_FIRST_ID):
        level = (len(line) - len(line.lstrip())) // 2
        del path[level:]
        node = {
            "id": number,
            "level": level,
            "name": line.strip(),
            "parent_id": path[-1]["id"] if path else None,
            "children": [],
            "full_path_taxonomy_ids": [*(one["id"] for one in path), number],
        }
        (path[-1]["children"] if path else roots).append(node)
        path.append(node)
        by_id[number] = node
    return roots, by_id


ROOTS, NODES = _grown()


@taxonomy("GET /seller-taxonomy/nodes")
def get_seller_taxonomy_nodes(_shop: Shop, _call: Call) -> Json:
    """The whole tree."""
    return views.page(ROOTS)


@taxonomy("GET /seller-taxonomy/nodes/{taxonomy_id}/properties")
def get_properties_by_taxonomy_id(_shop: Shop, call: Call) -> Json:
    """What may be said of a category's listings; the same for all of them here."""
    if call.id("taxonomy_id") not in NODES:
        raise not_found("Taxonomy Node", "taxonomy_id", call.path["taxonomy_id"])
    return views.page(_property(number) for number in _NAMES)


def _property(number: int) -> Json:
    colours = _COLOURS if number == COLOUR else ()
    return {
        "property_id": number,
        "name": _NAMES[number],
        "display_name": _NAMES[number],
        "scales": [],
        "is_required": False,
        "supports_attributes": True,
        "supports_variations": True,
        "is_multivalued": number == MATERIAL,
        "max_values_allowed": None,
        "possible_values": [
            {"value_id": value, "name": name, "scale_id": None, "equal_to": []}
            for value, name in enumerate(colours, start=1)
        ],
        "selected_values": [],
    }
