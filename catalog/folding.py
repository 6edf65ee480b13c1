"""One spelling for words that people spell in many ways: how headers, units and crafts compare."""

import re
import unicodedata
from functools import lru_cache

# Letters of Arabic that typists swap (hamza seats, final ya and ta marbuta), the tatweel that
# only stretches a word, and every family of digits that Arabic keyboards write.
_ALIKE = str.maketrans(
    "أإآٱىئؤةک" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹" + "’ʼ",
    "ااااييوهك" + "0123456789" + "0123456789" + "''",
    "ـ",
)
_APART = re.compile(r"[^\w']+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` without case, accents, vowel signs and punctuation, its words one space apart."""
    bare = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return _APART.sub(" ", letters.replace("_", " ")).strip()
