"""Bulk operations: one mutation for every line of a staged file, while time passes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.shopify.limits import BULK_DURATION, BULK_RATE
from connectors.sandbox.shopify.operation import Invalid, Operation, connections, read_operation
from connectors.sandbox.shopify.pages import Connection, matches
from connectors.sandbox.shopify.store import Call, Store, error, number
from connectors.shopify.limits import BULK_FILE_BYTES, BULK_OPERATIONS

# Carries an operation out with these variables, under this address.
Run = Callable[[Operation, Mapping[str, Any], str], Mapping[str, Any]]
_ENDED = frozenset({"CANCELED", "COMPLETED", "EXPIRED", "FAILED"})


@dataclass(eq=False, kw_only=True)
class BulkOperation:
    """One file being worked through."""

    id: str
    query: str
    operation: Operation
    lines: list[bytes]
    base_url: str
    created_at: datetime
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    results: list[str] = field(default_factory=list)
    type: str = "MUTATION"

    @property
    def object_count(self) -> int:
        """Lines done so far."""
        return len(self.results)

    root_object_count = object_count

    @property
    def content(self) -> bytes:
        """The results so far, as JSON lines."""
        return "".join(self.results).encode()

    @property
    def file_size(self) -> int | None:
        """Bytes of the results, once it is complete."""
        return len(self.content) if self.url else None

    @property
    def url(self) -> str | None:
        """Where the results of a complete operation are."""
        return self._address if self.status == "COMPLETED" and self.results else None

    @property
    def partial_data_url(self) -> str | None:
        """Where the results of a failed one are."""
        failed = self.status in _ENDED - {"COMPLETED"}
        return self._address if failed and self.results else None

    @property
    def _address(self) -> str:
        return f"{self.base_url}/bulk/{number(self.id)}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED

    def work(self, now: datetime, run: Run) -> None:
        """Do what should be done by `now`. A line that is no JSON ends it."""
        done_by_now = int((now - self.created_at).total_seconds() * BULK_RATE)
        due = self.lines[len(self.results) : done_by_now]
        self.status = "RUNNING" if done_by_now else self.status
        for line in due:
            try:
                variables = json.loads(line)
            except ValueError:
                self._end(now, "FAILED", "INTERNAL_SERVER_ERROR")
                return
            answer = run(self.operation, variables, self.base_url)
            told = {**answer, "__lineNumber": len(self.results)}
            self.results.append(json.dumps(told, ensure_ascii=False) + "\n")
        if len(self.results) == len(self.lines) and done_by_now:
            seconds = timedelta(seconds=len(self.lines) / BULK_RATE)
            self._end(self.created_at + seconds, "COMPLETED")
        elif now - self.created_at > BULK_DURATION:
            self._end(now, "FAILED", "TIMEOUT")

    def cancel(self, now: datetime) -> None:
        """Stop after the lines that are done."""
        if not self.ended:
            self._end(now, "CANCELED")

    def _end(self, at: datetime, status: str, error_code: str | None = None) -> None:
        self.status, self.error_code = status, error_code
        self.completed_at = at if status == "COMPLETED" else None


def work_on(store: Store, run: Run) -> None:
    """Bring every bulk operation to the present moment."""
    for bulk in store.all(BulkOperation):
        if not bulk.ended:
            bulk.work(store.now(), run)
            if bulk.ended:
                store.happened("BULK_OPERATIONS_FINISH", bulk, status=bulk.status.lower())


def _run_mutation(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    content = call.store.uploads.content(args["stagedUploadPath"])
    if content is None:
        message = "The JSONL file could not be found. Try uploading the file again."
        return _refused(error("NO_SUCH_FILE", message, "stagedUploadPath"))
    try:
        operation = read_operation(args["mutation"])
    except Invalid as invalid:
        return _refused(error("INVALID_MUTATION", f"Invalid bulk mutation: {invalid}", "mutation"))
    lines = content.split(b"\n")
    lines = [line for line in lines if line.strip()]
    if fault := _fault(call.store, operation, lines, len(content)):
        return _refused(fault)
    bulk = BulkOperation(
        id=call.store.new_id("BulkOperation"),
        query=args["mutation"],
        operation=operation,
        lines=lines,
        base_url=call.base_url,
        created_at=call.now,
    )
    return {"bulk_operation": call.store.add(bulk), "user_errors": []}


def _fault(
    store: Store, operation: Operation, lines: list[bytes], size: int
) -> dict[str, Any] | None:
    if not operation.is_mutation:
        message = "Bulk mutations must contain a mutation."
        return error("INVALID_MUTATION", message, "mutation")
    if connections(operation) > 1:
        # The words of the live validator, as other projects have recorded them.
        message = "Bulk mutations cannot contain more than 1 connection."
        return error(None, message, "mutation")
    if not lines or size > BULK_FILE_BYTES:
        message = "The JSONL file is empty or larger than 100 MB."
        return error("INVALID_STAGED_UPLOAD_FILE", message, "stagedUploadPath")
    if sum(1 for bulk in store.all(BulkOperation) if not bulk.ended) >= BULK_OPERATIONS:
        message = "Bulk operations limit reached. Please try again later."
        return error("LIMIT_REACHED", message)
    return None


def _refused(fault: dict[str, Any]) -> dict[str, Any]:
    return {"bulk_operation": None, "user_errors": [fault]}


def _cancel(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    bulk = call.store.find(BulkOperation, args["id"])
    if bulk is None:
        return _refused(error(None, "Bulk operation does not exist", "id"))
    bulk.cancel(call.now)
    return {"bulk_operation": bulk, "user_errors": []}


def _bulk_operations(call: Call, args: Mapping[str, Any]) -> Connection:
    found = [
        bulk
        for bulk in call.store.all(BulkOperation)
        if matches(args.get("query"), {"id": number(bulk.id), "status": bulk.status})
    ]
    return call.root_page(found, args, lambda bulk: [number(bulk.id)])


def _current(call: Call, args: Mapping[str, Any]) -> BulkOperation | None:
    found = [bulk for bulk in call.store.all(BulkOperation) if bulk.type == args["type"]]
    return found[-1] if found else None


QUERIES = {
    "bulk_operation": lambda call, args: call.store.find(BulkOperation, args["id"]),
    "bulk_operations": _bulk_operations,
    "current_bulk_operation": _current,
}
MUTATIONS = {"bulk_operation_run_mutation": _run_mutation, "bulk_operation_cancel": _cancel}
