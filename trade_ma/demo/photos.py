"""All photos of the demo into a folder, drawn by as many processes as there are cores."""

import csv
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from trade_ma.demo.drawing import Sketch, draw


def sketches() -> list[Sketch]:
    """What photos.csv asks for."""
    text = (files("trade_ma.demo") / "data" / "photos.csv").read_text("utf-8")
    return [
        Sketch(row["file"], row["detail"], row["drawing"], row["palette"], int(row["seed"]))
        for row in csv.DictReader(text.splitlines())
    ]


def draw_all(folder: Path, on_done: Callable[[], None]) -> None:
    """Draw every photo into `folder`; `on_done` is called after each sketch."""
    folder.mkdir(parents=True, exist_ok=True)
    # A fork would copy the locks of threads that run here by now.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for drawn in pool.map(draw, sketches(), chunksize=4):
            for name, content in drawn.items():
                (folder / name).write_bytes(content)
            on_done()
