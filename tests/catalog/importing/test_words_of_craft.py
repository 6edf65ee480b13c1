"""Techniques, motifs, rooms and care come in as materials do."""

import pytest
from sqlmodel import Session, select

from catalog.models import Product
from tests.catalog.importing.conftest import Desk

FRENCH = "Référence;Désignation;Prix;Technique;Motifs;Pièce;Entretien\n"
ENGLISH = "SKU;Title;Price;Techniques;Pattern;Room;Care\n"
ARABIC = "المرجع;اسم المنتج;الثمن;التقنية;الزخرفة;الغرفة;العناية\n"


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (
            FRENCH,
            "A;Tapis;9;Noué main;losanges, rayures;Salon et chambre;Aspirer\n",
            (["noué main"], ["losanges", "rayures"], ["salon", "chambre"], "Aspirer"),
        ),
        (
            ENGLISH,
            "A;Rug;9;Hand-knotted;diamonds;Living room;Vacuum\n",
            (["hand-knotted"], ["diamonds"], ["living room"], "Vacuum"),
        ),
        (
            ARABIC,
            "A;زربية;9;معقودة يدويا;معينات;غرفة الجلوس;تنظيف جاف\n",
            (["معقودة يدويا"], ["معينات"], ["غرفة الجلوس"], "تنظيف جاف"),
        ),
    ],
)
def test_columns_of_craft_are_read(
    desk: Desk, header: str, row: str, said: tuple[list[str], list[str], list[str], str]
) -> None:
    desk.take(header + row)
    with Session(desk.engine) as session:
        product = session.exec(select(Product)).one()
        found = (product.techniques, product.motifs, product.rooms, product.care)
    assert found == said


def test_a_file_without_these_columns_leaves_them(desk: Desk) -> None:
    desk.take(FRENCH + "A;Tapis;9;Noué main;losanges;Salon;Aspirer\n")
    desk.take("Référence;Prix\nA;10\n")
    with Session(desk.engine) as session:
        product = session.exec(select(Product)).one()
        assert (product.techniques, product.motifs, product.rooms) == (
            *(["noué main"], ["losanges"], ["salon"]),
        )
