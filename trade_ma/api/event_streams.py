"""Server-sent events as the OpenAPI document describes them."""

from typing import Any

# An event as the HTML standard reads it: https://html.spec.whatwg.org/multipage/server-sent-events.html
EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["progress", "done"]},
        "data": {"type": "string", "description": "JSON in progress; done has none."},
    },
    "required": ["event"],
}


def progress_of(what: str) -> dict[int | str, dict[str, Any]]:
    """The answer of a path that streams `progress`, each with `what` as JSON, and then `done`."""
    return {
        200: {
            "description": f"Events named progress, each with {what} as JSON; then one named done.",
            "content": {"text/event-stream": {"schema": EVENT}},
        }
    }
