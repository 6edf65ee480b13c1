"""stagedUploadsCreate: gives out the addresses that files are sent to."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.shopify.store import Call, error
from connectors.sandbox.shopify.uploads import PREFIX

_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")


def _staged_uploads_create(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    errors = [fault for place, given in enumerate(args["input"]) if (fault := _fault(given, place))]
    targets = None if errors else [_target(call, given) for given in args["input"]]
    return {"staged_targets": targets, "user_errors": errors}


def _fault(given: Mapping[str, Any], place: int) -> dict[str, Any] | None:
    if given["resource"] == "IMAGE" and given["mimeType"] not in _PICTURES:
        message = f"{given['mimeType']} is not a recognized format"
        return error(None, message, "input", place, "mimeType")
    if not given["filename"].strip():
        return error(None, "Filename can't be blank", "input", place, "filename")
    return None


def _target(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    target = call.store.uploads.stage(
        given["resource"], given["filename"], given["mimeType"], given["httpMethod"]
    )
    own = call.base_url + target.path
    return {
        "url": own if target.method == "PUT" else call.base_url + PREFIX,
        "resource_url": own,
        "parameters": [{"name": name, "value": value} for name, value in target.parameters.items()],
    }


MUTATIONS = {"staged_uploads_create": _staged_uploads_create}
