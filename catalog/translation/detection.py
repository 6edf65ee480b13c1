"""The language that a text is written in, and the language that a locale reads.

The cheap signs come first: the script, and words that one language has and the others have not.
Only where they do not tell is a statistical model asked. Moroccan Arabic in Latin letters, which
people type as they speak ('zarbia mzyana, khdma d lyad'), has the tag of BCP 47 for just that:
`ary-Latn`. No engine translates it, and none may take it for French.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# The languages that makers write in.
WRITTEN = ("fr", "ar", "en", "es")
DARIJA = "ary-Latn"

_ARABIC = re.compile(r"[\u0620-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’])?")
# Words that tell: a word of two languages stands in both.
_TELLING = {
    "fr": """
        le la les de du des d' l' et en à au aux un une avec pour par sur dans sans ou est main
        fait faite tapis cuir laine coton noir noire blanc bleu rouge vert grand petit pièce
    """,
    "en": """
        the of and with in for from by to is are made handmade hand rug leather wool cotton black
        white blue red green large small set old each out its our plain
    """,
    "es": """
        el la los las de del y con en para por un una sin hecho hecha mano alfombra cuero lana
        algodón negro negra blanco azul rojo verde grande pequeño pieza
    """,
}
_WORDS = {language: frozenset(words.split()) for language, words in _TELLING.items()}
_ACCENTED = {"fr": re.compile(r"[àâçèêëîïôùûœ]"), "es": re.compile(r"[áíñóú¿¡]")}

# Words of Darija as they are typed; left out are those that French took over (beldi, souk, dar).
_DARIJA_WORDS = """
    zarbia zerbia zrabi zrbiya zarbiya mzyan mzyana mezyan mezyana zwin zwina zwine zouina khdma
    khedma khdmat lyad lyed lidin yeddin dyal dial dyalna bzaf bzzaf bezzaf kbir kbira kbar sghir
    sghira sghar jdid jdida qdim qdima hadi hada hadchi kayn kayna kaynin mkhdouma mkhdoum msnou3
    wahd wahda jouj ktan jeld jld souf ssouf lon loun alwan hmer byed bida khder zre9 tbarkellah
    nqi nqiya hchouma bent lblad mn fih fiha
"""
_DARIJA = frozenset(_DARIJA_WORDS.split())
# 3, 7 and 9 stand for ayn, ha and qaf: '3tr9', 'm3ellem', '9dima'. Not '3cm', '7eme', '9th'.
_DIGIT_WORD = re.compile(r"(?<![\w.,-])(?=[a-z]*[379])(?:[379]?[a-z]+)+[379]?(?![\w-])")
_MEASURE = re.compile(
    r"[379](?:[cdmk]?m|[mk]?g|kgs?|c?l|x|j|h|d|pcs?|pts?|fils?|eme|ème|e|è|th|rd|nd|st|er|cv|in|ft)s?"
)
_ENOUGH_DARIJA = 2

# Less certainty than this is a guess: it has 0.82 that "Fibule amazighe argent" is English.
_SURE = 0.95
# The model's time grows with the text, and the beginning tells as much.
_SAMPLE = 120
_FEWEST_LETTERS = 4


def detect(text: str, otherwise: str) -> str:
    """The language of `text`: one of WRITTEN, or DARIJA; `otherwise` where nothing tells."""
    if len(_ARABIC.findall(text)) > sum(map(len, words := _latin_words(text))):
        return "ar"
    scores = {language: _score(language, words) for language in _WORDS}
    best = max(scores.values())
    darija = _darija(text, words)
    if darija >= _ENOUGH_DARIJA and darija > best:
        return DARIJA
    winners = [language for language, score in scores.items() if score == best]
    if best and len(winners) == 1:
        return winners[0]
    return _by_model(text, words) or otherwise


@lru_cache(maxsize=1024)
def language_of(locale: str) -> str:
    """The language of a locale, with its script where it says one: 'de-DE' is de.

    A translation serves all countries of its language; 'zh-Hant-TW' is read by other people than
    'zh-Hans-CN', so scripts stay apart.
    """
    language, *rest = locale.replace("_", "-").split("-")
    script = next((part.title() for part in rest if len(part) == len("Latn")), None)
    return f"{language.lower()}-{script}" if script else language.lower()


def _latin_words(text: str) -> list[str]:
    return _LATIN.findall(text.lower().replace("’", "'"))


def _score(language: str, words: list[str]) -> int:
    telling, accented = _WORDS[language], _ACCENTED.get(language)
    return sum(word in telling or bool(accented and accented.search(word)) for word in words)


def _darija(text: str, words: list[str]) -> int:
    typical = sum(word in _DARIJA for word in words)
    digits = [w for w in _DIGIT_WORD.findall(text) if not _MEASURE.fullmatch(w)]
    return typical + sum(len(re.sub(r"\d", "", w)) > 1 for w in digits)


def _by_model(text: str, words: list[str]) -> str | None:
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return None
    language, certainty = _model().classify(text[:_SAMPLE])
    return str(language) if certainty >= _SURE else None


@cache
def _model() -> "LanguageIdentifier":
    # Half a second to load, which a file whose words all tell need not pay.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(WRITTEN))
    return model
