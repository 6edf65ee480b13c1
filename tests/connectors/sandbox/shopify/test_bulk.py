import json
from typing import Any

from tests.connectors.sandbox.shopify.conftest import SET, Practice, slippers
from tests.connectors.sandbox.shopify.test_media import STAGE

RUN = """
mutation bulkOperationRunMutation($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status }
    userErrors { code field message }
  }
}
"""
# In bulk, one connection is all that may be asked for.
SET_IN_BULK = SET.replace("      media(first: 10) { nodes { id alt status } }\n", "")
BULK = """
query bulkOperation($id: ID!) {
  bulkOperation(id: $id) { status errorCode objectCount url partialDataUrl completedAt }
}
"""


def upload(shop: Practice, content: bytes) -> str:
    """The path of a file of variables."""
    given = {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": "sets.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
    }
    (target,) = shop.ask(STAGE, input=[given])["stagedTargets"]
    form = {parameter["name"]: parameter["value"] for parameter in target["parameters"]}
    sent = shop.http.post(target["url"], data=form, files={"file": ("sets.jsonl", content)})
    assert sent.status_code == 201
    return str(form["key"])


def lines(shop: Practice, *titles: str) -> bytes:
    """Variables of SET, one product a line."""
    given = [{"input": slippers(shop.location) | {"title": title}} for title in titles]
    return "\n".join(json.dumps(one) for one in given).encode()


def start(shop: Practice, content: bytes, mutation: str = SET_IN_BULK) -> Any:
    return shop.ask(RUN, mutation=mutation, path=upload(shop, content))


def test_lines_are_done_while_time_passes_and_told_one_by_one(shop: Practice) -> None:
    bulk = start(shop, lines(shop, "a", "", *"cdefghijklmnopqrst"))["bulkOperation"]
    early = shop.ask(BULK, id=bulk["id"])
    shop.clock.sleep(1)
    halfway = shop.ask(BULK, id=bulk["id"])
    shop.clock.sleep(3600)
    done = shop.ask(BULK, id=bulk["id"])
    results = [json.loads(line) for line in shop.http.get(done["url"]).text.splitlines()]
    assert [early["status"], halfway["status"], halfway["objectCount"]] == [
        "CREATED",
        "RUNNING",
        "10",
    ]
    assert [done["status"], done["completedAt"]] == ["COMPLETED", "2026-11-23T12:00:02Z"]
    assert [result["__lineNumber"] for result in results] == list(range(20))
    assert [error["message"] for error in results[1]["data"]["productSet"]["userErrors"]] == [
        "Title can't be blank"
    ]
    assert [listing.title for listing in shop.market.shown()] == list("acdefghijklmnopqrst")


def test_a_mutation_that_asks_for_two_connections_is_refused(shop: Practice) -> None:
    told = start(shop, lines(shop, "a"), SET)
    assert (told["bulkOperation"], told["userErrors"]) == (
        None,
        [
            {
                "code": None,
                "field": ["mutation"],
                "message": "Bulk mutations cannot contain more than 1 connection.",
            }
        ],
    )


def test_five_run_at_once_and_no_sixth(shop: Practice) -> None:
    told = [start(shop, lines(shop, "a"))["userErrors"] for _ in range(6)]
    shop.clock.sleep(60)
    told.append(start(shop, lines(shop, "a"))["userErrors"])
    assert [[error["code"] for error in errors] for errors in told] == [
        *([[]] * 5),
        ["LIMIT_REACHED"],
        [],
    ]


def test_a_file_that_is_not_there_and_a_query_are_refused(shop: Practice) -> None:
    told = [
        shop.ask(RUN, mutation=SET, path="tmp/9/nothing.jsonl"),
        start(shop, lines(shop, "a"), "query shop { shop { name } }"),
        start(shop, b"\n"),
    ]
    assert [answer["userErrors"][0]["code"] for answer in told] == [
        "NO_SUCH_FILE",
        "INVALID_MUTATION",
        "INVALID_STAGED_UPLOAD_FILE",
    ]


def test_a_line_that_is_no_json_ends_it_with_what_was_done(shop: Practice) -> None:
    bulk = start(shop, lines(shop, "a") + b"\n{\n")["bulkOperation"]
    shop.clock.sleep(60)
    told = shop.ask(BULK, id=bulk["id"])
    assert [told["status"], told["errorCode"], told["url"]] == [
        "FAILED",
        "INTERNAL_SERVER_ERROR",
        None,
    ]
    assert len(shop.http.get(told["partialDataUrl"]).text.splitlines()) == 1
