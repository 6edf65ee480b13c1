"""Tiny translation models that know some words, made here in some milliseconds.

A real transformer of one layer, whose weights are chosen and not learned: the decoder attends to
the piece at its own place, and says what the dictionary gives for it. Text that the dictionary
has not is copied piece by piece. It is stored as the package keeps the models that it fetched.
"""

from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Pieces of a sentence that a model has places for.
_PLACES = 64
# The package searches on until a sentence would have so many.
_LONGEST = 257
_LETTERS = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,!×éèà"
Weights = NDArray[np.float32]


def make_model(folder: Path, words: Mapping[str, str]) -> None:
    """A model in `folder` that says `words[word]` for a word, and copies what it does not know."""
    folder.mkdir(parents=True)
    pieces = _tokenizer(folder, words)
    dictionary = np.eye(len(pieces), dtype=np.float32)
    for word, becomes in words.items():
        column = pieces.index(f"▁{word}")
        dictionary[:, column] = 0
        dictionary[pieces.index(f"▁{becomes}"), column] = 1
    _transformer(pieces, dictionary).save(str(folder))


def _tokenizer(folder: Path, words: Mapping[str, str]) -> list[str]:
    sentencepiece = import_module("sentencepiece")
    known = sorted({*words, *words.values()})
    model = BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*_LETTERS.split(), " ".join(_LETTERS)] * 3),
        model_writer=model,
        model_type="char",
        vocab_size=200,
        hard_vocab_limit=False,
        user_defined_symbols=[f"▁{word}" for word in known],
        minloglevel=2,
    )
    (folder / "source.spm").write_bytes(model.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return [processor.id_to_piece(number) for number in range(processor.vocab_size())]


def _transformer(pieces: list[str], dictionary: Weights) -> Any:
    spec = import_module("ctranslate2.specs").TransformerSpec.from_config(1, 1)
    kinds, width = len(pieces), len(pieces) + _PLACES
    tokens, places = (
        np.eye(width, dtype=np.float32)[:kinds],
        np.eye(width, dtype=np.float32)[kinds:],
    )
    nothing = np.zeros((width, width), np.float32)
    at_place = places.T @ places
    said = np.zeros((width, width), np.float32)
    said[:kinds, :kinds] = dictionary

    for part in (spec.encoder, spec.decoder):
        part.scale_embeddings = False
        part.position_encodings.encodings = np.pad(places, [(0, _LONGEST - _PLACES), (0, 0)])
        _plain(part.layer_norm, width)
        (layer,) = part.layer
        _silent(layer.self_attention, width)
        _plain(layer.ffn.layer_norm, width)
        _linear(layer.ffn.linear_0, nothing)
        _linear(layer.ffn.linear_1, nothing)
    spec.encoder.embeddings[0].weight = tokens
    spec.decoder.embeddings.weight = tokens
    attention = layer.attention
    _plain(attention.layer_norm, width)
    # Sharp, so that one place outweighs all others; and loud, so that it drowns the word before.
    _linear(attention.linear[0], at_place * 20)
    _linear(attention.linear[1], np.concatenate([at_place, np.eye(width, dtype=np.float32)]))
    _linear(attention.linear[2], said * 50)
    _linear(spec.decoder.projection, tokens * 5)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    return spec


def _silent(attention: Any, width: int) -> None:
    _plain(attention.layer_norm, width)
    _linear(attention.linear[0], np.zeros((3 * width, width), np.float32))
    _linear(attention.linear[1], np.zeros((width, width), np.float32))


def _plain(norm: Any, width: int) -> None:
    norm.gamma, norm.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def _linear(layer: Any, weight: Weights) -> None:
    layer.weight, layer.bias = weight.astype(np.float32), np.zeros(len(weight), np.float32)
