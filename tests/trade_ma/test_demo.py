"""The demo, as a user runs it: left open, looked at, and closed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from images.inspect import check

TRADE_MA = Path(sys.executable).parent / "trade-ma"
ENGLISH = "Azilal Rug, Wool, Red and Blue, Diamond Pattern"
AZILAL = {
    "en": f"{ENGLISH}, 4.9 x 8.2 ft (150 x 250 cm), from Morocco",
    "de": "Azilal-Teppich aus Wolle, in Rot und Blau, Rautenmuster, 150 x 250 cm, aus Marokko",
    "es": "Alfombra Azilal de lana, roja y azul, motivo de rombos, 150 x 250 cm, de Marruecos",
    "ja": f"{ENGLISH}, 150 x 250 cm, from Morocco",
}


def test_the_demo_goes_the_whole_way_and_its_witnesses_agree(tmp_path: Path) -> None:
    own, shown = tmp_path / "own", tmp_path / "shown.json"
    # To a file: nobody reads a pipe while stderr is read, and a pipe has room for 64 KB.
    with (
        shown.open("w") as stdout,
        subprocess.Popen(
            [TRADE_MA, "demo", "--serve", "--json"],
            env={**os.environ, "TRADE_MA_DATA_DIR": str(own)},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        told = _until_open(process)
        pages = _look(told)
        process.send_signal(signal.SIGINT)
        process.communicate()
    result = json.loads(shown.read_text("utf-8"))
    wrong = [figure for figure in result["figures"] if not figure["agrees"]]
    assert (wrong, result["troubles"], result["agrees"]) == ([], [], True)
    assert process.returncode == 0
    assert all("on sale" in page for page in pages)
    assert not own.exists(), "the demo must leave the operator's own data alone"
    _check_story(result)


def _until_open(process: "subprocess.Popen[str]") -> list[str]:
    """The addresses of the markets, told on stderr once all is done."""
    assert process.stderr
    addresses, lines = [], []
    for line in process.stderr:
        lines.append(line)
        if " is open at " in line:
            addresses.append(line.split(" is open at ")[1].strip())
        if "Ctrl-C" in line:
            return addresses
    raise AssertionError("".join(lines))


def _look(addresses: list[str]) -> list[str]:
    """Each market's page, and a photo of it that a browser would show."""
    pages = []
    for address in addresses:
        pages.append(httpx.get(address).raise_for_status().text)
        first = httpx.get(f"{address}/_sandbox/listings").json()[0]
        check(httpx.get(httpx.URL(address).join(first["photos"][0])).content)
    return pages


def _check_story(result: dict[str, Any]) -> None:
    """Sixty products went out, some were bought, and the third sync had nothing to say."""
    assert sum(file["accepted"] for file in result["files"]) == 73
    assert sum(file["rejected"] for file in result["files"]) == 7
    names = [step["name"] for step in result["steps"]]
    assert names == [
        "photos drawn",
        "files imported",
        "words accepted",
        "first sync",
        "buyers",
        "second sync",
        "third sync",
        "orders pulled",
        "rates moved",
        "parcels told",
        "compared with the markets",
    ]
    orders = [f["database"] for f in result["figures"] if f["name"] == "orders"]
    assert sum(map(int, orders)) == 8
    # Each market reads its own language and currency; Japanese is not in the vocabulary.
    assert {w["channel"]: (w["written_in"], w["title"], w["price"]) for w in result["windows"]} == {
        "amazon-us": ("en-US", AZILAL["en"], "810.99 USD"),
        "amazon-de": ("de-DE", AZILAL["de"], "826.90 EUR"),
        "amazon-mx": ("es-MX", AZILAL["es"], "18019.00 MXN"),
        "amazon-jp": ("en", AZILAL["ja"], "143800 JPY"),
    }
    assert [len(w["remarks"]) for w in result["windows"]] == [0, 0, 0, 1]
    # The dollar moved far and the euro hardly: Etsy and Shopify practise in dollars.
    moved = {f["subject"]: int(f["database"]) > 0 for f in repriced(result)}
    assert {channel for channel, any_ in moved.items() if any_} == {"amazon-us", "etsy", "shopify"}


def repriced(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [f for f in result["figures"] if f["name"] == "SKUs repriced by a move of rates"]
