"""The whole OpenAPI document, by thousands of requests that it allows and that it does not."""

from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import sampled_from
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.trade_ma.api.conftest import House
from tests.trade_ma.api.test_roles import MAY
from trade_ma.identity.permissions import Permission, Role

EXAMPLES = 6
WHO = ("Authorization", "X-CSRF-Token")
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# The last to be asked: it ends what the others stand on.
SIGNS_OUT = "/api/v1/auth/logout"


def test_no_request_breaks_the_api(house: House) -> None:
    visitors = (house.client(), house.program(*Permission), house.signed_in(Role.ADMIN))
    document = schemathesis.openapi.from_url(f"{house.address}/api/v1/openapi.json")
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    operations.sort(key=lambda operation: operation.path == SIGNS_OUT)
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy(), visitor=sampled_from(visitors))
        def ask(case: Any, visitor: httpx.Client) -> None:
            headers = {n: visitor.headers[n] for n in WHO if n in visitor.headers}
            case.call_and_validate(headers=headers, cookies=dict(visitor.cookies), checks=CHECKS)

        ask()
    # Nothing is hidden but the document itself.
    asked = {operation.label for operation in operations}
    assert asked == MAY.keys() - {"GET /api/v1/openapi.json"}
