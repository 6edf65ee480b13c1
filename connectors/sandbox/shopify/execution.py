"""A GraphQL request carried out on the shop: paid for from the bucket, run, and answered."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, execute_sync

from connectors.sandbox.shopify import (
    bulk,
    inventory_calls,
    order_calls,
    prices,
    product_calls,
    product_set,
    shop,
    staging,
    translations,
    webhooks,
)
from connectors.sandbox.shopify.costs import Bucket, actual_cost, requested_cost
from connectors.sandbox.shopify.limits import SINGLE_QUERY_COST
from connectors.sandbox.shopify.operation import Operation
from connectors.sandbox.shopify.schema import resolve, schema, type_name
from connectors.sandbox.shopify.store import Call

QUERIES: Mapping[str, Any] = ChainMap(
    bulk.QUERIES,
    order_calls.QUERIES,
    inventory_calls.QUERIES,
    prices.QUERIES,
    product_calls.QUERIES,
    shop.QUERIES,
    translations.QUERIES,
    webhooks.QUERIES,
)
MUTATIONS: Mapping[str, Any] = ChainMap(
    bulk.MUTATIONS,
    order_calls.MUTATIONS,
    inventory_calls.MUTATIONS,
    prices.MUTATIONS,
    product_calls.MUTATIONS,
    product_set.MUTATIONS,
    shop.MUTATIONS,
    staging.MUTATIONS,
    translations.MUTATIONS,
    webhooks.MUTATIONS,
)


def run(call: Call, operation: Operation, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to `operation`, whatever it costs: data, and errors where there are any."""
    result = execute_sync(
        schema(),
        operation.document,
        root_value=MUTATIONS if operation.is_mutation else QUERIES,
        context_value=call,
        variable_values=dict(variables),
        operation_name=operation.name if operation.definition.name else None,
        field_resolver=resolve,
        type_resolver=type_name,
    )
    answer: dict[str, Any] = {} if result.data is None else {"data": result.data}
    if result.errors:
        answer["errors"] = [told(error) for error in result.errors]
    return answer


def run_within(
    bucket: Bucket, call: Call, operation: Operation, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """The answer to `operation` where the bucket holds what it may cost, else THROTTLED."""
    requested = requested_cost(operation, variables)
    if requested > SINGLE_QUERY_COST:
        return _too_dear(requested)
    if not bucket.take(requested):
        return throttled(bucket, requested)
    answer = run(call, operation, variables)
    actual = actual_cost(operation, variables, answer.get("data"))
    bucket.give_back(requested - actual)
    return {**answer, "extensions": _cost(bucket, requested, actual)}


def throttled(bucket: Bucket, requested: int) -> dict[str, Any]:
    """Shopify's way to say: too fast."""
    documentation = "https://shopify.dev/api/usage/rate-limits"
    extensions = {"code": "THROTTLED", "documentation": documentation}
    return {
        "errors": [{"message": "Throttled", "extensions": extensions}],
        "extensions": _cost(bucket, requested, None),
    }


def told(error: GraphQLError) -> dict[str, Any]:
    """An error as Shopify tells it."""
    return dict(error.formatted)


def _cost(bucket: Bucket, requested: int, actual: int | None) -> dict[str, Any]:
    return {
        "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": bucket.status(),
        }
    }


def _too_dear(cost: int) -> dict[str, Any]:
    limit = f"which exceeds the single query max cost limit ({SINGLE_QUERY_COST})."
    extensions = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": SINGLE_QUERY_COST}
    return {"errors": [{"message": f"Query cost is {cost}, {limit}", "extensions": extensions}]}
