"""The style sheet: Arabic needs no rules of its own where no rule names a side."""

import re

from trade_ma.console.assets import folder


def test_no_rule_names_left_or_right() -> None:
    text = (folder() / "console.css").read_text()
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert re.findall(r".*\b(?:left|right)\b.*", rules) == []


def test_every_vendored_file_has_its_licence_beside_it() -> None:
    vendored = {file.name.removesuffix(".min.js") for file in folder().glob("*.min.js")}
    assert vendored == {file.stem for file in folder().glob("*.LICENSE")}
