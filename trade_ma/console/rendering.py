"""Templates: one environment for each language, its words and formats built in."""

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trade_ma.console.assets import asset
from trade_ma.console.charts import bar_chart, line_chart
from trade_ma.console.formats import filters
from trade_ma.console.languages import language, languages
from trade_ma.console.navigation import is_within
from trade_ma.console.quotes import quoted
from trade_ma.console.tables import Column


@cache
def environment(code: str) -> Environment:
    """The templates in the language of that code."""
    spoken = language(code)
    with as_file(files("trade_ma.console") / "templates") as folder:
        loader = FileSystemLoader(folder)
    found: Any = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension gives the environment this method.
    found.install_gettext_callables(spoken.words.gettext, spoken.words.ngettext, newstyle=True)
    found.filters |= {**filters(spoken.locale), "quoted": quoted}
    found.globals |= {
        "Column": Column,
        "asset": asset,
        "bar_chart": bar_chart,
        "line_chart": line_chart,
        "is_within": is_within,
        "language": spoken,
        "languages": languages(),
    }
    environment: Environment = found
    return environment
