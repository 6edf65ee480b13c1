"""What people call the fields of an import, its states, and what becomes of a row."""

from collections.abc import Mapping

from jobs.import_models import ImportState, Standing
from trade_ma.console.languages import marked

FIELDS: Mapping[str, str] = {
    "sku": marked("Reference (SKU)"),
    "title": marked("Title"),
    "description": marked("Description"),
    "category": marked("Category"),
    "price": marked("Price"),
    "currency": marked("Currency"),
    "quantity": marked("Quantity"),
    "dimensions": marked("Dimensions"),
    "length": marked("Length"),
    "width": marked("Width"),
    "height": marked("Height"),
    "diameter": marked("Diameter"),
    "weight": marked("Weight"),
    "materials": marked("Materials"),
    "colours": marked("Colours"),
    "techniques": marked("Techniques"),
    "motifs": marked("Motifs"),
    "rooms": marked("Rooms"),
    "size": marked("Size"),
    "region": marked("Region"),
    "maker": marked("Maker"),
    "lead_time": marked("Time to make"),
    "care": marked("Care"),
    "year": marked("Year it was made"),
    "tags": marked("Tags"),
    "language": marked("Language"),
    "barcode": marked("Barcode"),
    "photos": marked("Photos"),
    "photo_alt": marked("What a photo shows"),
    "variant_photo": marked("Photo of the variant"),
    "parent": marked("Reference of the parent"),
    "option1_name": marked("Name of option 1"),
    "option1": marked("Option 1"),
    "option2_name": marked("Name of option 2"),
    "option2": marked("Option 2"),
    "option3_name": marked("Name of option 3"),
    "option3": marked("Option 3"),
}

# Words, and the tone of their badge.
STATES: Mapping[ImportState, tuple[str, str]] = {
    ImportState.UPLOADED: (marked("Received"), "plain"),
    ImportState.CHECKING: (marked("Being checked"), "busy"),
    ImportState.CHECKED: (marked("Checked"), "warning"),
    ImportState.APPLYING: (marked("Being applied"), "busy"),
    ImportState.APPLIED: (marked("In the catalog"), "good"),
    ImportState.FAILED: (marked("Failed"), "bad"),
}

STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.CREATED: (marked("new"), "good"),
    Standing.UPDATED: (marked("changed"), "busy"),
    Standing.UNCHANGED: (marked("unchanged"), "plain"),
    Standing.REFUSED: (marked("refused"), "bad"),
}
