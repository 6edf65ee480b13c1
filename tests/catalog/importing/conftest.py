"""A catalog that files are taken into, and what it holds afterwards."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from catalog.importing.changes import Terms
from catalog.importing.report import RowReport
from catalog.importing.tables import open_table
from catalog.importing.taking_in import take_in
from catalog.models import Maker, Photo, Product, Variant
from catalog.stock import levels

# How long an example takes says nothing on a busy machine.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

HEADER = "Référence;Désignation;Prix;Quantité;Photos\n"


@dataclass
class Desk:
    """Where files come in."""

    engine: Engine
    folder: Path

    def file(self, text: str, name: str = "fichier.csv", encoding: str = "utf-8") -> Path:
        """A file as somebody saved it."""
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def take(self, text: str, maker: str | None = None, **photos: str) -> list[RowReport]:
        """Take in a file of `text`, in one transaction."""
        return self.take_file(self.file(text), maker, **photos)

    def take_file(self, path: Path, maker: str | None = None, **photos: str) -> list[RowReport]:
        """Take in a file; `photos` are digests by name."""
        table = open_table(path)
        with Session(self.engine) as session:
            reports = list(take_in(session, table, Terms(table.header, maker, photos)))
            session.commit()
        return reports

    def catalog(self) -> dict[str, dict[str, Any]]:
        """All that the catalog holds, by SKU."""
        with Session(self.engine) as session:
            found = session.exec(
                select(Variant, Product, Maker)
                .join(Product, col(Variant.product_id) == Product.id)
                .join(Maker, col(Product.maker_id) == Maker.id)
            ).all()
            stock = levels(session, [v.id for v, _, _ in found if v.id])
            photos = session.exec(select(Photo).order_by(col(Photo.position))).all()
            return {
                variant.sku: {
                    "code": product.code,
                    "title": product.title,
                    "price": f"{variant.price.amount:.2f} {variant.currency}",
                    "units": stock[variant.id or 0].on_hand,
                    "options": dict(variant.options),
                    "photos": [p.name for p in photos if p.product_id == product.id],
                    "maker": maker.slug,
                    "revisions": (product.revision, product.stock_revision),
                }
                for variant, product, maker in found
            }


@pytest.fixture
def desk(sqlite: Engine, tmp_path: Path) -> Desk:
    """An empty catalog on SQLite."""
    return Desk(sqlite, tmp_path)


@pytest.fixture
def any_desk(engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    """An empty catalog on each database that we support."""
    yield Desk(engine, tmp_path)
    engine.dispose()


def told(reports: list[RowReport]) -> list[tuple[int, str | None, list[str], list[str]]]:
    """Of each row: its number, its outcome, and the codes of its errors and warnings."""
    return [
        (
            report.row.number,
            report.outcome,
            [error.code for error in report.errors],
            [warning.code for warning in report.warnings],
        )
        for report in reports
    ]


def as_json(reports: list[RowReport]) -> list[dict[str, Any]]:
    """The rows as a program reads them."""
    shown: list[dict[str, Any]] = json.loads(json.dumps([r.to_json("en") for r in reports]))
    return shown
