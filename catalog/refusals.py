"""Why something cannot be: a stable code with its values, to be told in any language."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: `message` tells it in English; with a `code` others may tell it in their words.

    `values` are what the sentence names.
    """

    message: str
    code: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


def because(code: str, message: str, /, **values: object) -> Why:
    """The reason of that code; `message` is its sentence with %(name)s for each of the values."""
    said = {name: str(value) for name, value in values.items()}
    return Why(message % said if said else message, code, said)


class Refused(ValueError):
    """What our own rules refuse. `field` names what was written wrong, '' where nothing was."""

    def __init__(self, *whys: Why, field: str = "") -> None:
        super().__init__("\n".join(map(str, whys)))
        self.whys = whys
        self.field = field


class Missing(LookupError):
    """What is needed and not there."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.whys = (why,)


def whys(error: Exception) -> tuple[Why, ...]:
    """The reasons that an error tells; one without a code where it is none of ours."""
    return error.whys if isinstance(error, Refused | Missing) else (Why(str(error)),)


def first_why(error: Exception) -> Why:
    """The first of its reasons."""
    return next(iter(whys(error)))
