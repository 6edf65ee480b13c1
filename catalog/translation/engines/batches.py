"""Texts in requests of a size that an engine takes, and answers given to the right text."""

from collections.abc import Callable, Iterator, Sequence

from catalog.translation.engines.protocol import Answer, EngineLimits, Untranslatable

# One request: as many answers as texts, in the same order.
Ask = Callable[[Sequence[str]], Sequence[Answer]]


def in_batches(texts: Sequence[str], limits: EngineLimits, ask: Ask) -> Iterator[Answer]:
    """The answers of `ask` to `texts`, in requests within `limits`. Too long a text is not sent."""
    for batch in _batches(texts, limits):
        if len(batch[0]) > limits.characters:
            yield Untranslatable(
                f"{len(batch[0])} characters; the engine takes {limits.characters} at once"
            )
        else:
            yield from ask(batch)


def attributed(batch: Sequence[str], answers: object) -> list[Answer]:
    """`answers` as read from an engine, if there is one for each text of `batch`.

    With one too many or too few nobody knows which belongs to which text, so none is used.
    """
    if not isinstance(answers, list) or len(answers) != len(batch):
        count = len(answers) if isinstance(answers, list) else "no"
        return refused(batch, f"the engine gave {count} answers to {len(batch)} texts")
    return [_told(text, answer) for text, answer in zip(batch, answers, strict=True)]


def refused(batch: Sequence[str], reason: str) -> list[Answer]:
    """The same `reason` for each text of `batch`."""
    return [Untranslatable(reason)] * len(batch)


def _told(text: str, answer: object) -> Answer:
    if not isinstance(answer, str) or (text.strip() and not answer.strip()):
        return Untranslatable("the engine gave no text in answer")
    return answer


def _batches(texts: Sequence[str], limits: EngineLimits) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == limits.texts or size + len(text) > limits.characters):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
