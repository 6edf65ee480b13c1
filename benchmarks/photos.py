"""How fast photos become renditions, beside a naive script and beside libvips.

Prints one line of JSON. Four renditions of each photo, two threads, the same JPEG settings on all
sides, each side in a process of its own so that peaks do not mix:
- naive: Pillow, each rendition from the whole photo decoded anew, by Lanczos's window
- ours: images.renditions.render_all
- pyvips: one thumbnail of the file with shrink-on-load, and each size from the next larger one

SSIM is of what each side's files show, against each photo reduced by Lanczos's window and never
encoded. The photos are the large ones beside the checkout, else drawn ones. PHOTOS=4 takes fewer.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from images.encode import QUALITY
from images.errors import BadPhoto
from images.renditions import render_all
from images.rules import ImageRule, Role

SIDES = (2048, 1600, 1000, 400)
THREADS = 2
SHARED = Path(__file__).resolve().parents[2] / "shared" / "photos"
PHOTOS = int(os.environ.get("PHOTOS", "19"))
# Megapixels from which on a photo is large.
LARGE = 9
# Each side is measured so often, and the best counts: the machine may have other work.
ROUNDS = 3
_MEGA, _KILO = 10**6, 1024  # ru_maxrss is in KiB on Linux

RULES = [
    ImageRule(Role.GALLERY, min_side=1, max_side=side, max_bytes=10**7, count=1) for side in SIDES
]


def naive(content: bytes) -> list[bytes]:
    """What a script does that nobody has thought over."""
    made = []
    for side in SIDES:
        photo = Image.open(BytesIO(content)).convert("RGB")
        photo.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=None)
        buffer = BytesIO()
        photo.save(buffer, "JPEG", quality=QUALITY, optimize=True)
        made.append(buffer.getvalue())
    return made


def ours(content: bytes) -> list[bytes]:
    """The product's own way."""
    made = []
    for one in render_all(content, RULES):
        if isinstance(one, BadPhoto):
            raise one
        made.append(one.content)
    return made


def vips(content: bytes) -> list[bytes]:
    """The same by libvips, in the way that its manual advises."""
    import pyvips

    made, photo = [], None
    for side in SIDES:
        if photo is None:
            photo = pyvips.Image.thumbnail_buffer(content, side, height=side, size="down")
            # After the way down and only where there is a profile, as ours: twice as fast as
            # asking thumbnail_buffer for it.
            if photo.get_typeof("icc-profile-data"):
                photo = photo.icc_transform("srgb")
        else:
            photo = photo.thumbnail_image(side, height=side, size="down")
        photo = photo.copy_memory()
        made.append(photo.jpegsave_buffer(Q=QUALITY, optimize_coding=True, keep="none"))
    return made


WAYS: dict[str, Callable[[bytes], list[bytes]]] = {"naive": naive, "ours": ours, "pyvips": vips}


def photos(folder: Path) -> list[Path]:
    """The large photos beside the checkout, else some drawn into `folder`."""
    found = [path for path in sorted(SHARED.glob("*.jpg")) if _megapixels(path) >= LARGE]
    return (found or [_drawn(folder, n) for n in range(4)])[:PHOTOS]


def _megapixels(path: Path) -> float:
    try:
        with Image.open(path) as photo:
            return photo.width * photo.height / _MEGA
    except OSError:
        return 0.0


def _drawn(folder: Path, n: int) -> Path:
    """A photo of 12 to 42 megapixels with coarse and fine detail."""
    width, height = (4000, 3000) if n % 2 else (7500, 5600)
    coarse = Image.effect_noise((width // 40, height // 40), 90).resize((width, height))
    fine = Image.effect_noise((width, height), 30).filter(ImageFilter.GaussianBlur(2))
    path = folder / f"drawn-{n}.jpg"
    Image.merge("RGB", (coarse, fine, Image.blend(coarse, fine, 0.5))).save(path, quality=90)
    return path


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity of their lightness in windows of 8 x 8: Wang et al., 2004."""
    x, y = (np.asarray(picture.convert("L"), float) for picture in (one, other))
    mean_x, mean_y = _means(x), _means(y)
    of_x, of_y = _means(x * x) - mean_x**2, _means(y * y) - mean_y**2
    both = _means(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float((above / ((mean_x**2 + mean_y**2 + c1) * (of_x + of_y + c2))).mean())


def _means(values: Any, side: int = 8) -> Any:
    sums = np.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    inner = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return inner / side**2


def measure(way: str, folder: Path) -> dict[str, float]:
    """Speed, processor time, the peak in MiB and the bytes of one way; files go to `folder`."""
    Image.MAX_IMAGE_PIXELS = None
    paths = photos(folder)
    render = WAYS[way]
    started, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        made = list(threads.map(lambda path: render(path.read_bytes()), paths))
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    for path, files in zip(paths, made, strict=True):
        for side, content in zip(SIDES, files, strict=True):
            (folder / f"{path.stem}-{side}-{way}").write_bytes(content)
    return {
        "images_per_s": len(paths) / seconds,
        "cpu_s_per_image": work / len(paths),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILO,
        "bytes": sum(len(content) for files in made for content in files),
    }


def similarity(way: str, folder: Path) -> float:
    """The mean SSIM of one way's files, of every fourth photo."""
    return float(np.mean([_similar(path, way, folder) for path in photos(folder)[::4]]))


def _similar(path: Path, way: str, folder: Path) -> float:
    with Image.open(path) as photo:
        whole = photo.convert("RGB")
    found = []
    for side in SIDES:
        with Image.open(folder / f"{path.stem}-{side}-{way}") as shown:
            reference = whole.resize(shown.size, Image.Resampling.LANCZOS)
            found.append(ssim(shown, reference))
    return float(np.mean(found))


def _apart(way: str, folder: Path) -> dict[str, float]:
    words = [sys.executable, __file__, way, str(folder)]
    # Our two threads are all that may work at once: libvips has threads of its own.
    surroundings = {**os.environ, "VIPS_CONCURRENCY": "1"}
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=surroundings)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _best(ways: tuple[str, ...], folder: Path) -> dict[str, dict[str, float]]:
    """The fastest round of each way, taken in turn so that other work meets all alike."""
    rounds = [{way: _apart(way, folder) for way in ways} for _ in range(ROUNDS)]
    return {
        way: max((one[way] for one in rounds), key=lambda told: told["images_per_s"])
        for way in ways
    }


def main() -> None:
    """Measure each way, and print the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = _best(("pyvips", "ours"), folder)
        told["naive"] = _apart("naive", folder)
        alike = {way: similarity(way, folder) for way in ("ours", "pyvips")}
        count = len(photos(folder))
    mine, peer = told["ours"], told["pyvips"]
    line = {
        "benchmark": "images",
        "photos": count,
        "renditions_each": len(SIDES),
        "threads": THREADS,
        "images_per_s": round(mine["images_per_s"], 2),
        "peak_mib": round(mine["peak_mib"]),
        "ssim": round(alike["ours"], 4),
        "baseline": "pyvips, shrink-on-load and a cascade, the same JPEG quality",
        "baseline_images_per_s": round(peer["images_per_s"], 2),
        "baseline_peak_mib": round(peer["peak_mib"]),
        "baseline_ssim": round(alike["pyvips"], 4),
        "cpu_s_per_image": round(mine["cpu_s_per_image"], 3),
        "baseline_cpu_s_per_image": round(peer["cpu_s_per_image"], 3),
        "ratio": round(mine["images_per_s"] / peer["images_per_s"], 3),
        "bytes_ratio": round(mine["bytes"] / peer["bytes"], 3),
        "naive_images_per_s": round(told["naive"]["images_per_s"], 2),
        "naive_peak_mib": round(told["naive"]["peak_mib"]),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
