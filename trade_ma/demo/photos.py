"""All photos of the demo into a folder, drawn by as many processes as there are cores."""

import csv
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
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
    """Draw every photo into `folder`; `on_done` is called after each sketch.

    Raises:
        RuntimeError: the drawing stopped half-way; what it said is on stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # A program of its own: a pool of ours would load the whole command line into every worker.
    command = [sys.executable, "-m", "trade_ma.demo.photos", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as drawing:  # noqa: S603  # our own module
        for _ in drawing.stdout or ():
            on_done()
    if drawing.returncode:
        raise RuntimeError("the demo's photos could not be drawn")


def _draw_into(folder: Path, sketch: Sketch) -> str:
    for name, content in draw(sketch).items():
        (folder / name).write_bytes(content)
    return sketch.file


def _main(folder: Path) -> None:
    """Draw every photo into `folder`, and tell each on stdout."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for name in pool.map(partial(_draw_into, folder), sketches(), chunksize=2):
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
