"""The language that a row's text is written in: French, Arabic or English."""

import re

_ARABIC = re.compile(r"[\u0620-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’])?")
# Words that one of the two uses and the other does not.
_FRENCH_WORDS = """
    le la les de du des d' l' et en à au aux un une avec pour par sur dans sans ou est main fait
    faite tapis cuir laine coton noir noire blanc bleu rouge vert grand petit pièce
"""
_ENGLISH_WORDS = """
    the of and with in for from by to is are made handmade hand rug leather wool cotton black
    white blue red green large small set old each out its our plain
"""
_FRENCH = frozenset(_FRENCH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ACCENTED = re.compile(r"[àâçèéêëîïôùûœ]")


def detect_language(text: str, otherwise: str) -> str:
    """The language of `text`, `otherwise` where its words do not tell."""
    arabic = len(_ARABIC.findall(text))
    words = _LATIN.findall(text.lower().replace("’", "'"))
    if arabic > sum(map(len, words)):
        return "ar"
    french = sum(word in _FRENCH or bool(_ACCENTED.search(word)) for word in words)
    english = sum(word in _ENGLISH for word in words)
    if french == english:
        return otherwise
    return "fr" if french > english else "en"
