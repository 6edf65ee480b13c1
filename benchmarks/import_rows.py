"""How fast files are imported, and in how much memory, beside what a naive script does.

Prints one line of JSON. Each measure runs in a process of its own, so that peaks do not mix:
- import: trade-ma's import of a CSV file into SQLite, with its report thrown away
- again: the same file once more, which changes nothing
- naive: csv.DictReader, and for each row a SELECT by SKU and ORM inserts of product, variant
  and movement, in one transaction, without any check
- reading: csv.DictReader alone
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

from sqlmodel import Session, select

from catalog.importing.report import RowReport
from catalog.models import Maker, MovementKind, Product, StockMovement, Variant
from images.store import PhotoStore
from jobs.importing import FileImport, import_file
from trade_ma.database import open_engine, upgrade

ROWS = 20_000
FEW = 2_000
HEADER = "Référence;Désignation;Description;Prix (DH);Quantité;Dimensions;Poids (g);Matières;Photos"
_KILO = 1024  # ru_maxrss is in KiB on Linux


class _Silent:
    def photos(self, done: int, total: int) -> None:
        """Nobody looks."""

    def row(self, report: RowReport) -> None:
        """Nobody looks."""


def write(path: Path, rows: int) -> None:
    """A catalog as a French spreadsheet saves it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADER.split(";"))
        for n in range(rows):
            words = [f"TAP-{n:06d}", f"Tapis Azilal numéro {n}", f"Noué à la main, pièce {n}."]
            sizes = [f"{100 + n % 200}x{150 + n % 250}", str(3000 + n % 9000)]
            price = f"{1 + n % 9} {n % 1000:03d},50"
            out.writerow([*words, price, n % 5, *sizes, "laine, coton", f"tapis-{n}.jpg"])


def imported(file: Path, session: Callable[[], Session]) -> None:
    """The product's own import."""
    import_file(FileImport(file), session, PhotoStore(file.parent / "photos"), _Silent())


def naive(file: Path, sessions: Callable[[], Session]) -> None:
    """What a script does that nobody has thought over."""
    with file.open(encoding="utf-8") as lines, sessions() as session:
        maker = Maker(slug="default", name="Default")
        session.add(maker)
        session.flush()
        for row in csv.DictReader(lines, delimiter=";"):
            sku = row["Référence"]
            if session.exec(select(Variant).where(Variant.sku == sku)).first():
                continue
            product = Product(maker_id=maker.id or 0, code=sku, title=row["Désignation"])
            session.add(product)
            session.flush()
            price = int(Decimal(row["Prix (DH)"].replace(" ", "").replace(",", ".")) * 100)
            variant = Variant(product_id=product.id or 0, sku=sku, price_minor=price)
            session.add(variant)
            session.flush()
            session.add(
                StockMovement(
                    variant_id=variant.id or 0,
                    quantity=int(row["Quantité"]),
                    kind=MovementKind.COUNT,
                    source="naive",
                    reference=sku,
                )
            )
        session.commit()


def reading(file: Path, _sessions: Callable[[], Session]) -> None:
    """Only the rows, read and dropped."""
    with file.open(encoding="utf-8") as lines:
        for _ in csv.DictReader(lines, delimiter=";"):
            pass


WAYS = {"import": imported, "naive": naive, "reading": reading}


def measure(way: str, rows: int) -> dict[str, float]:
    """Rows a second and the peak in MiB of one way, here and now."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalogue.csv"
        write(file, rows)
        engine = open_engine(f"sqlite:///{folder}/bench.db")
        upgrade(engine)
        sessions = partial(Session, engine)
        seconds = [_seconds(way, file, sessions) for _ in range(2 if way == "import" else 1)]
        engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILO
    return {
        "rows_per_s": round(rows / seconds[0]),
        "again_rows_per_s": round(rows / seconds[-1]),
        "peak_mib": round(peak, 1),
    }


def _seconds(way: str, file: Path, sessions: Callable[[], Session]) -> float:
    started = time.perf_counter()
    WAYS[way](file, sessions)
    return time.perf_counter() - started


def _apart(way: str, rows: int) -> dict[str, float]:
    words = [sys.executable, __file__, way, str(rows)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Measure each way, and print the line."""
    few, many = _apart("import", FEW), _apart("import", ROWS)
    by_row, read = _apart("naive", ROWS), _apart("reading", ROWS)
    line = {
        "benchmark": "import_rows",
        "rows": ROWS,
        "rows_per_s": many["rows_per_s"],
        "again_rows_per_s": many["again_rows_per_s"],
        "peak_mib": many["peak_mib"],
        f"peak_mib_of_{FEW}_rows": few["peak_mib"],
        "baseline": "csv.DictReader and ORM inserts row by row, unchecked",
        "baseline_rows_per_s": by_row["rows_per_s"],
        "baseline_peak_mib": by_row["peak_mib"],
        "ratio": round(many["rows_per_s"] / by_row["rows_per_s"], 2),
        "reading_alone_rows_per_s": read["rows_per_s"],
    }
    print(json.dumps(line))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
