"""The operations that the sandbox carries out, under their official names."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic.alias_generators import to_camel

from connectors.sandbox.etsy.call import Call, Json
from connectors.sandbox.etsy.shop import Shop

PREFIX = "/v3/application"
Act = Callable[[Shop, Call], Json | None]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: who may ask for it (an OAuth scope, or None for anybody), and what it does.

    `act` answers the JSON to send, None where the answer has no content.
    """

    name: str
    method: str
    path: re.Pattern[str]
    scope: str | None
    status: int
    act: Act


class Operations(list[Operation]):
    """A subject's operations: a decorator takes each function's name as the operation's."""

    def __call__(
        self, address: str, scope: str | None = None, status: int = 200
    ) -> Callable[[Act], Act]:
        """Declare the operation at `address`, such as "GET /shops/{shop_id}"."""
        method, path = address.split()

        def declare(act: Act) -> Act:
            name = to_camel(act.__name__)
            self.append(Operation(name, method, _pattern(path), scope, status, act))
            return act

        return declare


def _pattern(path: str) -> re.Pattern[str]:
    numbered = re.sub(r"\{(\w+_id)\}", r"(?P<\1>\\d+)", path)
    return re.compile(PREFIX + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", numbered))


def find(operations: Iterable[Operation], method: str, path: str) -> tuple[Operation, Call] | None:
    """The operation at an address, with the call's path read; None where there is none."""
    for operation in operations:
        if operation.method == method and (match := operation.path.fullmatch(path)):
            return operation, Call(operation.name, match.groupdict())
    return None
