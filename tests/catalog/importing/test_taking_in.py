"""A file goes into the catalog: once, whole, and by what it says."""

import pytest
from sqlmodel import Session, select

from catalog.importing import applying
from catalog.importing.changes import Terms
from catalog.importing.tables import Unreadable, open_table
from catalog.importing.taking_in import take_in
from catalog.models import MovementKind, Product, Variant
from catalog.stock import Levels, Movement, levels, move_all
from tests.catalog.importing.conftest import HEADER, Desk, told

RUGS = (
    HEADER + "BO-1;Tapis Beni Ourain;8 500,00;1;a.jpg, b.jpg\n"
    "CS-1;Coussin sabra;240 DH;24;c.jpg\n"
    "TJ-1;Tajine de Safi;190;0;\n"
)


def test_rows_become_products(desk: Desk) -> None:
    reports = desk.take(RUGS)
    assert told(reports) == [(row, "created", [], []) for row in (1, 2, 3)]
    assert desk.catalog() == {
        "BO-1": {
            "code": "BO-1",
            "title": "Tapis Beni Ourain",
            "price": "8500.00 MAD",
            "units": 1,
            "options": {},
            "photos": ["a.jpg", "b.jpg"],
            "maker": "default",
            "revisions": (1, 2),
        },
        "CS-1": {
            "code": "CS-1",
            "title": "Coussin sabra",
            "price": "240.00 MAD",
            "units": 24,
            "options": {},
            "photos": ["c.jpg"],
            "maker": "default",
            "revisions": (1, 2),
        },
        "TJ-1": {
            "code": "TJ-1",
            "title": "Tajine de Safi",
            "price": "190.00 MAD",
            "units": 0,
            "options": {},
            "photos": [],
            "maker": "default",
            "revisions": (1, 1),
        },
    }


def test_the_same_file_twice_changes_nothing(any_desk: Desk) -> None:
    any_desk.take(RUGS)
    before = any_desk.catalog()
    reports = any_desk.take(RUGS)
    assert told(reports) == [(row, "unchanged", [], []) for row in (1, 2, 3)]
    assert any_desk.catalog() == before


def test_a_second_file_updates_what_it_names_and_leaves_the_rest(any_desk: Desk) -> None:
    any_desk.take(RUGS)
    reports = any_desk.take(HEADER + "CS-1;Coussin sabra;260;20;c.jpg\nNV-1;Vase;90;2;\n")
    assert [report.outcome for report in reports] == ["updated", "created"]
    after = any_desk.catalog()
    assert {sku: (v["price"], v["units"], v["revisions"]) for sku, v in after.items()} == {
        "BO-1": ("8500.00 MAD", 1, (1, 2)),
        "CS-1": ("260.00 MAD", 20, (2, 3)),
        "TJ-1": ("190.00 MAD", 0, (1, 1)),
        "NV-1": ("90.00 MAD", 2, (1, 2)),
    }


def cushions(desk: Desk, *moved: tuple[MovementKind, int]) -> Levels:
    """The cushion's levels, after so many units of it moved for an order."""
    with Session(desk.engine) as session:
        cushion = session.exec(select(Variant).where(Variant.sku == "CS-1")).one().id or 0
        for kind, units in moved:
            move_all(session, [Movement(cushion, units, kind)], kind, source="order:shop:1")
        session.commit()
        return levels(session, [cushion])[cushion]


def test_a_file_counts_what_is_sold_and_has_not_left_yet(desk: Desk) -> None:
    desk.take(RUGS)
    assert cushions(desk, (MovementKind.SALE, -3)) == Levels(available=21, reserved=3)
    desk.take(RUGS)
    assert cushions(desk) == Levels(available=21, reserved=3)
    desk.take(RUGS.replace("240 DH;24", "240 DH;20"))
    assert cushions(desk) == Levels(available=17, reserved=3)


def test_a_file_that_still_counts_what_was_shipped_found_new_pieces(desk: Desk) -> None:
    desk.take(RUGS)
    left = cushions(desk, (MovementKind.SALE, -3), (MovementKind.SHIPMENT, -3))
    assert left == Levels(available=21, reserved=0)
    desk.take(RUGS)
    assert cushions(desk) == Levels(available=24, reserved=0)


def test_a_file_that_leaves_out_what_is_sold_puts_no_order_in_doubt(desk: Desk) -> None:
    desk.take(RUGS)
    cushions(desk, (MovementKind.SALE, -3))
    desk.take(RUGS.replace("240 DH;24", "240 DH;0"))
    assert cushions(desk) == Levels(available=0, reserved=3)


def test_an_empty_cell_leaves_what_is_stored(desk: Desk) -> None:
    desk.take(RUGS)
    before = desk.catalog()
    reports = desk.take(HEADER + "CS-1;;;;\n")
    codes = ["missing_quantity", "missing_title", "bad_price"]
    assert told(reports) == [(1, "unchanged", [], codes)]
    assert desk.catalog() == before


def test_a_file_of_stock_alone_is_enough_for_known_skus(desk: Desk) -> None:
    desk.take(RUGS)
    reports = desk.take("SKU;Stock\nCS-1;7\nXX-1;7\n")
    assert told(reports) == [(1, "updated", [], []), (2, None, ["missing_title"], [])]
    assert desk.catalog()["CS-1"]["units"] == 7


def test_bad_rows_never_stop_the_good_ones(desk: Desk) -> None:
    reports = desk.take(HEADER + "A;Tapis;100;1;\nB;Tapis;;1;\n;Tapis;100;1;\nC;Tapis;100;x;\n")
    assert told(reports) == [
        (1, "created", [], []),
        (2, None, ["bad_price"], []),
        (3, None, ["missing_sku"], []),
        (4, None, ["bad_quantity"], []),
    ]
    assert set(desk.catalog()) == {"A"}


def test_the_first_of_two_rows_with_one_sku_is_kept_and_the_other_told(desk: Desk) -> None:
    reports = desk.take(HEADER + "A;Tapis;100;1;\nB;Vase;50;1;\na;Tapis;120;1;\n")
    assert told(reports)[2] == (3, None, ["duplicate_sku"], [])
    assert desk.catalog()["A"]["price"] == "100.00 MAD"


def test_a_crash_in_the_middle_leaves_nothing(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    any_desk.take(HEADER + "OLD;Vase;50;1;\n")
    before = any_desk.catalog()
    file = any_desk.file(RUGS + "OLD;Vase;60;9;\n")
    table = open_table(file)
    with Session(any_desk.engine) as session:
        rows = take_in(session, table, Terms(table.header))
        written = next(report for report in rows if report.row.sku == "TJ-1")
        # The process dies here: nobody commits.
    assert written.outcome == "created"
    assert any_desk.catalog() == before


def test_a_file_that_breaks_off_leaves_nothing(desk: Desk) -> None:
    endless = HEADER + 'A;Tapis;100;1;\nB;"' + "x" * 140_000
    with pytest.raises(Unreadable):
        desk.take(endless)
    assert desk.catalog() == {}


def test_rows_of_one_parent_are_variants_of_one_product(desk: Desk) -> None:
    desk.take(
        "Référence;Référence parent;Désignation;Prix;Pointure;Couleur;Photos\n"
        "BAB;;Babouches en cuir;;;;bab.jpg\n"
        "BAB-38;BAB;;250;38;jaune;\n"
        "BAB-39;BAB;;260;39;jaune;\n"
        "SEUL;;Vase;90;;bleu;\n"
    )
    shown = {
        sku: (v["code"], v["title"], v["options"], v["photos"]) for sku, v in desk.catalog().items()
    }
    assert shown == {
        "BAB-38": ("BAB", "Babouches en cuir", {"Pointure": "38", "Couleur": "jaune"}, ["bab.jpg"]),
        "BAB-39": ("BAB", "Babouches en cuir", {"Pointure": "39", "Couleur": "jaune"}, ["bab.jpg"]),
        "SEUL": ("SEUL", "Vase", {}, []),
    }


def test_sizes_are_options_where_they_tell_variants_apart(desk: Desk) -> None:
    reports = desk.take(
        "SKU;Handle;Title;Price;Size\nC-S;caftan;Caftan;900;S\nC-M;caftan;Caftan;900;M\n"
    )
    assert told(reports) == [(1, "created", [], []), (2, "created", [], [])]
    options = {sku: v["options"] for sku, v in desk.catalog().items()}
    assert options == {"C-S": {"Size": "S"}, "C-M": {"Size": "M"}}


def test_variants_that_nothing_tells_apart_get_an_option_of_their_own(desk: Desk) -> None:
    desk.take("SKU;Parent;Title;Price\nA-1;A;A rug of wool;9\nA-2;A;A rug of wool;9\n")
    options = {sku: v["options"] for sku, v in desk.catalog().items()}
    assert options == {"A-1": {"Model": "A-1"}, "A-2": {"Model": "A-2"}}


def test_variants_of_a_product_may_stand_apart(desk: Desk) -> None:
    header = "SKU;Parent;Title;Price;Option 1\n"
    desk.take(header + "A-1;A;Rug;9;S\nB;;Vase;5;\nA-2;A;Rug;9;M\n")
    assert {sku: v["code"] for sku, v in desk.catalog().items()} == {
        "A-1": "A",
        "A-2": "A",
        "B": "B",
    }


def test_shopifys_export_spreads_a_product_over_rows(desk: Desk) -> None:
    columns = "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n"
    reports = desk.take(
        columns + "soap,Black soap,Dar Sanaa,Scent,Rose,S-1,60,https://cdn.example.com/1.jpg\n"
        "soap,,,,Mint,S-2,65,\n"
        "soap,,,,,,,https://cdn.example.com/2.jpg\n"
        "tea,Tea,Dar Sanaa,Title,Default Title,T-1,40,\n"
    )
    assert [report.row.number for report in reports] == [1, 2, 4]
    shown = {sku: (v["title"], v["options"], v["maker"]) for sku, v in desk.catalog().items()}
    assert shown == {
        "S-1": ("Black soap", {"Scent": "Rose"}, "dar-sanaa"),
        "S-2": ("Black soap", {"Scent": "Mint"}, "dar-sanaa"),
        "T-1": ("Tea", {}, "dar-sanaa"),
    }
    pictures = ["https://cdn.example.com/1.jpg", "https://cdn.example.com/2.jpg"]
    assert desk.catalog()["S-2"]["photos"] == pictures


def test_another_makers_sku_is_not_overwritten(any_desk: Desk) -> None:
    any_desk.take(HEADER + "A;Tapis;100;1;\n", maker="tifawin")
    before = any_desk.catalog()
    reports = any_desk.take(HEADER + "A;Vase;5;9;\n", maker="annasr")
    assert told(reports) == [(1, None, ["other_maker"], [])]
    assert any_desk.catalog() == before


def test_what_nobody_claimed_is_taken_over_by_the_first_who_does(desk: Desk) -> None:
    desk.take(HEADER + "A;Tapis;100;1;\n")
    desk.take(HEADER + "A;Tapis;100;1;\n", maker="tifawin")
    desk.take(HEADER + "A;Tapis;110;1;\n")
    shown = desk.catalog()["A"]
    assert (shown["maker"], shown["price"]) == ("tifawin", "110.00 MAD")


def test_a_photo_with_other_content_is_a_change(desk: Desk) -> None:
    desk.take(HEADER + "A;Tapis;100;1;a.jpg\n", **{"a.jpg": "0" * 64})
    desk.take(HEADER + "A;Tapis;100;1;a.jpg\n", **{"a.jpg": "0" * 64})
    assert desk.catalog()["A"]["revisions"] == (1, 2)
    desk.take(HEADER + "A;Tapis;100;1;a.jpg\n")
    assert desk.catalog()["A"]["revisions"] == (1, 2)
    reports = desk.take(HEADER + "A;Tapis;100;1;a.jpg\n", **{"a.jpg": "1" * 64})
    assert [report.outcome for report in reports] == ["updated"]
    assert desk.catalog()["A"]["revisions"] == (2, 2)


def test_more_rows_than_a_batch_are_all_written(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 7)
    rows = "".join(f"T-{n};Tapis {n};{100 + n};{n};t{n}.jpg\n" for n in range(40))
    any_desk.take(HEADER + rows)
    assert {sku: v["units"] for sku, v in any_desk.catalog().items()} == {
        f"T-{n}": n for n in range(40)
    }
    with Session(any_desk.engine) as session:
        assert len(session.exec(select(Product)).all()) == 40


def test_darija_in_latin_letters_is_kept_and_told(desk: Desk) -> None:
    [report] = desk.take(HEADER + "Z-1;zarbia mzyana khdma d lyad;100;1;\n")
    assert [problem.code for problem in report.warnings] == ["latin_darija"]
    assert report.row.language == "ary-Latn"
