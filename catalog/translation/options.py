"""What a buyer chooses from, named in the market's language."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from catalog.folding import fold
from catalog.translation.grammar import Language, first_upper
from catalog.translation.languages import spoken
from catalog.vocabulary.terms import LANGUAGES, VOCABULARY, Form, Kind

# Names of options in the order of LANGUAGES: fr, en, ar, es, de, it.
_NAMES = (
    ("Taille", "Size", "المقاس", "Talla", "Größe", "Taglia"),
    ("Dimensions", "Dimensions", "الأبعاد", "Medidas", "Maße", "Dimensioni"),
    ("Pointure", "Shoe size", "مقاس الحذاء", "Talla de calzado", "Schuhgröße", "Numero di scarpe"),
    ("Couleur", "Colour", "اللون", "Color", "Farbe", "Colore"),
    ("Matière", "Material", "المادة", "Material", "Material", "Materiale"),
    ("Motif", "Pattern", "النقشة", "Motivo", "Muster", "Motivo"),
    ("Modèle", "Model", "الموديل", "Modelo", "Modell", "Modello"),
    ("Style", "Style", "الطراز", "Estilo", "Stil", "Stile"),
    ("Forme", "Shape", "الشكل", "Forma", "Form", "Forma"),
    ("Finition", "Finish", "التشطيب", "Acabado", "Ausführung", "Finitura"),
    ("Longueur", "Length", "الطول", "Largo", "Länge", "Lunghezza"),
    ("Largeur", "Width", "العرض", "Ancho", "Breite", "Larghezza"),
    ("Hauteur", "Height", "الارتفاع", "Altura", "Höhe", "Altezza"),
    ("Diamètre", "Diameter", "القطر", "Diámetro", "Durchmesser", "Diametro"),
    ("Poids", "Weight", "الوزن", "Peso", "Gewicht", "Peso"),
    ("Contenance", "Capacity", "السعة", "Capacidad", "Inhalt", "Capacità"),
    ("Quantité", "Quantity", "الكمية", "Cantidad", "Menge", "Quantità"),
    ("Parfum", "Scent", "العطر", "Aroma", "Duft", "Profumo"),
)
# Other spellings that files and shops use.
_ALSO = {"color": "Colour", "coloris": "Colour", "volume": "Capacity", "matériau": "Material"}
_VALUES = (Kind.COLOUR, Kind.MATERIAL, Kind.MOTIF)


def localized(options: Sequence[tuple[str, str]], locale: str) -> tuple[tuple[str, str], ...]:
    """(name, value) pairs in the language of `locale`: ('Taille', 'S') is ('Size', 'S').

    Values are colours, materials and motifs of the vocabulary; whatever is not known stays as it
    is. An American locale spells 'Color'.
    """
    language = spoken(locale)
    return tuple((_name(name, language), _value(value, language)) for name, value in options)


@lru_cache(maxsize=4096)
def _name(name: str, language: Language) -> str:
    names = _option_names().get(fold(name))
    return language.spelling(names[LANGUAGES.index(language.code)]) if names else name


@lru_cache(maxsize=4096)
def _value(value: str, language: Language) -> str:
    forms = _value_forms().get(fold(value))
    return first_upper(language.form(forms[language.code]).name) if forms else value


@cache
def _option_names() -> Mapping[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for option in _NAMES:
        for name in option:
            names.setdefault(fold(name), option)
    return names | {fold(also): names[fold(name)] for also, name in _ALSO.items()}


@cache
def _value_forms() -> Mapping[str, Mapping[str, Form]]:
    # By the terms' own names, not by their other spellings: two variants, one 'ecru' and one
    # 'natural', must not become the same choice.
    forms: dict[str, Mapping[str, Form]] = {}
    for kind in _VALUES:
        for term in VOCABULARY[kind].values():
            for form in term.forms.values():
                for name in (form.name, form.plural, form.feminine, form.feminine_plural):
                    forms.setdefault(fold(name), term.forms)
    forms.pop("", None)
    return forms
