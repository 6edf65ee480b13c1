"""Short words in a cell: materials, colours, tags; and days of preparation."""

import re

from catalog.folding import fold
from catalog.importing.numbers import parse_number, plain
from catalog.importing.problems import Misread

_BETWEEN = re.compile(r"\s*[,;،؛/|+\n]\s*|\s+(?:et|and|و)\s+", re.IGNORECASE)
_DAYS = {
    1: ("", "j", "jr", "jour", "jours", "day", "days", "d", "يوم", "يوما", "ايام"),
    7: ("semaine", "semaines", "sem", "week", "weeks", "wk", "اسبوع", "اسابيع"),
    30: ("mois", "month", "months", "شهر", "اشهر", "شهور"),
}
_DAYS_IN = {name: days for days, names in _DAYS.items() for name in names}
_WORKING = {"business", "working", "ouvre", "ouvres", "ouvrable", "ouvrables", "عمل"}
_TIME = re.compile(r"(?P<number>\d+)\s*(?P<unit>\D*)")
MOST_DAYS = 730


def parse_words(text: str) -> tuple[str, ...]:
    """The words of a list in a cell, in lower case, in order and each once."""
    return tuple(dict.fromkeys(word.lower() for word in parse_tags(text)))


def parse_tags(text: str) -> tuple[str, ...]:
    """The words of a list in a cell as they are written, in order and each once."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(text.strip()) if word))


def parse_lead_time(text: str) -> int:
    """The days of preparation that `text` says: '5 jours', '6 business days', '٤ أيام'.

    Raises:
        Misread: bad_lead_time.
    """
    parts = _TIME.fullmatch(plain(text))
    if parts is None:
        raise Misread("bad_lead_time.it")
    unit = " ".join(word for word in fold(parts["unit"]).split() if word not in _WORKING)
    days = int(parse_number(parts["number"])) * _DAYS_IN.get(unit, MOST_DAYS + 1)
    if days > MOST_DAYS:
        raise Misread("bad_lead_time.it")
    return days
