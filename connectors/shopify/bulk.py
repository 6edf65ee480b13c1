"""Whole products, thousands at a time: bulk operations, whose results are read later.

Shopify works through a file of variables, one productSet for each line, and writes a file of
results. A second operation publishes the products that the first has made.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.errors import Refused
from connectors.protocol import (
    Accepted,
    Change,
    Claimed,
    Deferred,
    Facet,
    Issue,
    Outcome,
    Pending,
    PhotoSource,
    Receipt,
    Rejected,
    Remote,
)
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    BULK_OPERATION,
    BULK_OPERATION_RUN_MUTATION,
    PRODUCT_SET_IN_BULK,
    PUBLISH_IN_BULK,
)
from connectors.shopify.issues import issues_of
from connectors.shopify.limits import PHOTOS_AT_ONCE
from connectors.shopify.lines import Line, Sent, files
from connectors.shopify.mapper import (
    Json,
    Parts,
    listed_parts,
    missing_photos,
    parts_of,
    product_set,
    remote_of,
    skus_of,
)
from connectors.shopify.photos import Ready, hand_over, ready, staged_targets
from connectors.shopify.place import Place
from connectors.shopify.translations import left_out, own_words

_log = logging.getLogger(__name__)

_WORKING = {"CREATED", "RUNNING", "CANCELING"}
# When to try again where as many bulk operations are running as Shopify allows.
BUSY = timedelta(minutes=1)


class Bulk:
    """Sets many products in one place of a shop."""

    def __init__(self, client: Client, photos: PhotoSource, place: Place) -> None:
        self._client, self._photos, self._place = client, photos, place

    def push(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Pending for each, but for what is refused before it is sent, or finds no room."""
        sent: list[Sent] = []
        for batch in _batches(changes):
            taken, refused = self._make_ready(batch)
            yield from refused
            accepted = [change for change in batch if change.key in taken]
            try:
                sources = hand_over(_merged(taken.values()), self._client)
            except Refused as refusal:
                yield from (Rejected(c.key, c.facets, refusal.issues) for c in accepted)
            else:
                sent += [self._line(change, sources) for change in accepted]
        for file in files(sent):
            yield from self._send(file)

    def _make_ready(
        self, changes: Sequence[Change]
    ) -> tuple[dict[str, dict[str, Ready]], list[Rejected]]:
        """Each change's new photos; and the changes that are refused for theirs."""
        taken, refused = {}, []
        for change in changes:
            try:
                missing = missing_photos(change, _parts(change))
                taken[change.key] = ready(missing, self._photos)
            except Refused as refusal:
                refused.append(Rejected(change.key, change.facets, refusal.issues))
        return taken, refused

    def _line(self, change: Change, sources: Mapping[str, str]) -> Sent:
        parts = _parts(change)
        variables = product_set(change, self._place.sending(change, parts, sources))
        sent = _json_line(_declared(variables))
        return Sent(change.key, change.facets, self._told(change, parts), sent, change.remote)

    def _told(self, change: Change, parts: Parts) -> Line:
        draft, said = change.draft, Facet.CONTENT in change.facets
        return Line(
            number=0,
            publish=Facet.PRESENCE in change.facets and draft.present,
            skus=skus_of(draft),
            files=dict(parts.files),
            words=own_words(draft, self._place) if said else dict(parts.words),
            issues=left_out(draft, self._place) if said else (),
        )

    def _send(self, file: Sequence[Sent]) -> Iterator[Outcome]:
        try:
            operation = self._run(PRODUCT_SET_IN_BULK, [sent.variables for sent in file])
        except Refused as refusal:
            yield from _rejected(file, refusal)
            return
        if operation:
            yield from _pending(file, operation)
            return
        until = self._client.clock.now() + BUSY
        for sent in file:
            yield Deferred(sent.key, sent.facets, until, "Shopify has other files to work on")

    def _run(self, mutation: str, lines: Sequence[bytes]) -> str | None:
        """The id of the bulk operation that runs; None where too many run already."""
        content = b"".join(lines)
        kind, name, media_type = "BULK_MUTATION_VARIABLES", "lines.jsonl", "text/jsonl"
        [target] = staged_targets(self._client, kind, [(name, media_type)])
        self._client.upload(target, name, content, media_type)
        path = next(p["value"] for p in target["parameters"] if p["name"] == "key")
        answer = self._client.create(
            BULK_OPERATION_RUN_MUTATION, mutation=mutation, stagedUploadPath=path
        )["bulkOperationRunMutation"]
        errors = answer["userErrors"]
        if any(error["code"] in {"LIMIT_REACHED", "OPERATION_IN_PROGRESS"} for error in errors):
            return None
        if errors:
            raise Refused(issues_of(errors, ()))
        operation: str = answer["bulkOperation"]["id"]
        _log.info("Shopify works on %d lines as %s", len(lines), operation)
        return operation

    def poll(self, receipts: Sequence[Receipt]) -> Iterator[Outcome]:
        """What is known by now: of each operation that has ended, every line."""
        by_operation: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            by_operation[receipt.operation].append(receipt)
        made: list[tuple[Receipt, Remote]] = []
        for operation, of_it in by_operation.items():
            told = self._client.call(BULK_OPERATION, id=operation)["bulkOperation"] or {}
            if told.get("status") in _WORKING:
                continue
            for receipt, outcome in self._ended(told, of_it):
                yield outcome
                if isinstance(outcome, Claimed):
                    made.append((receipt, outcome.remote))
        yield from self._publish(made)

    def _ended(
        self, operation: Json, receipts: Sequence[Receipt]
    ) -> Iterator[tuple[Receipt, Outcome]]:
        results = self._results(operation)
        for receipt in receipts:
            line = Line.at(receipt.place)
            if result := results.get(line.number):
                yield receipt, _outcome(receipt, line, result)
            else:
                reason = f"Shopify's bulk operation ended as {operation.get('status', 'unknown')}"
                now = self._client.clock.now()
                yield receipt, Deferred(receipt.key, receipt.facets, now, reason)

    def _results(self, operation: Json) -> dict[int, Json]:
        address = operation.get("url") or operation.get("partialDataUrl")
        content = self._client.download(address) if address else b""
        told = (json.loads(line) for line in content.splitlines() if line.strip())
        return {result["__lineNumber"]: result for result in told}

    def _publish(self, made: Sequence[tuple[Receipt, Remote]]) -> Iterator[Outcome]:
        """Show new products in the store; where there is no room now, the next poll does it."""
        store = [{"publicationId": self._place.publication}]
        sent = []
        for receipt, remote in made:
            line = replace(Line.at(receipt.place), publish=False)
            asked = {"id": remote.id, "input": store, "variants": max(1, len(line.skus))}
            variables = _json_line(asked)
            sent.append(Sent(receipt.key, receipt.facets, line, variables, remote))
        for file in files(sent):
            try:
                operation = self._run(PUBLISH_IN_BULK, [one.variables for one in file])
            except Refused as refusal:
                yield from _rejected(file, refusal)
                continue
            if operation is None:
                return
            yield from _pending(file, operation)


def _rejected(file: Sequence[Sent], refusal: Refused) -> Iterator[Rejected]:
    for one in file:
        yield Rejected(one.key, one.facets, refusal.issues)


def _pending(file: Sequence[Sent], operation: str) -> Iterator[Pending]:
    for number, one in enumerate(file):
        place = replace(one.line, number=number).place()
        yield Pending(one.key, Receipt(one.key, one.facets, operation, place), one.remote)


def _outcome(receipt: Receipt, line: Line, result: Json) -> Outcome:
    """What a line's result says: refused, done, or made and still to be published."""
    if result.get("errors") or not result.get("data"):
        told = "; ".join(error["message"] for error in result.get("errors", ()))
        issue = Issue("bulk_line", told or "Shopify answered nothing for this product")
        return Rejected(receipt.key, receipt.facets, (issue,))
    [payload] = result["data"].values()
    if payload["userErrors"]:
        issues = issues_of(payload["userErrors"], line.skus)
        return Rejected(receipt.key, receipt.facets, issues)
    product = payload.get("product") or payload["publishable"]
    # The ids of new files are not told here: the next change of photos or words sends those anew.
    known = Parts(files=line.files, words=line.words)
    remote = remote_of(product["id"], listed_parts(product, known))
    if line.publish:
        return Claimed(receipt.key, remote)
    return Accepted(receipt.key, receipt.facets, remote, line.issues)


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes in order, with no more new photos together than we hold at once."""
    batch: list[Change] = []
    room = PHOTOS_AT_ONCE
    for change in changes:
        photos = len(missing_photos(change, _parts(change)))
        if batch and photos > room:
            yield batch
            batch, room = [], PHOTOS_AT_ONCE
        batch.append(change)
        room -= photos
    if batch:
        yield batch


def _parts(change: Change) -> Parts:
    return parts_of(change.remote) if change.remote else Parts()


def _merged(photos: Iterable[Mapping[str, Ready]]) -> dict[str, Ready]:
    return {sha256: one for some in photos for sha256, one in some.items()}


def _declared(variables: Json) -> Json:
    """The variables that a bulk mutation declares: it does not ask for photos."""
    return {name: value for name, value in variables.items() if name != "files"}


def _json_line(variables: Mapping[str, Any]) -> bytes:
    return json.dumps(variables, ensure_ascii=False).encode() + b"\n"
