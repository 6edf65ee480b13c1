"""Staged uploads: addresses that a file is sent to before a mutation speaks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import UploadFile

PREFIX = "/staged/"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one file may be sent: by PUT to its own path, or by POST with `parameters`."""

    key: str
    method: str
    media_type: str

    @property
    def path(self) -> str:
        """Its own path on this server."""
        return PREFIX + quote(self.key)

    @property
    def parameters(self) -> dict[str, str]:
        """What must be sent along: headers of a PUT, form fields of a POST before the file."""
        if self.method == "PUT":
            return {"content_type": self.media_type, "acl": "private"}
        return {
            "key": self.key,
            "Content-Type": self.media_type,
            "success_action_status": "201",
            "acl": "private",
            "policy": "cHJhY3RpY2U=",
        }


class Uploads:
    """The targets given out, and the files that came."""

    def __init__(self) -> None:
        self._targets: dict[str, Target] = {}
        self._files: dict[str, bytes] = {}
        self._numbers = count(1)

    def stage(self, resource: str, filename: str, media_type: str, method: str) -> Target:
        """A new target."""
        key = f"tmp/{next(self._numbers)}/{resource.lower()}/{filename}"
        self._targets[key] = Target(key, method, media_type)
        return self._targets[key]

    def content(self, path: str) -> bytes | None:
        """The file at a path of this server, or under a key; None where none came."""
        return self._files.get(unquote(path.removeprefix(PREFIX)))

    def receive(self, key: str, method: str, sent: Mapping[str, Any], content: bytes) -> None:
        """Keep a file.

        Raises:
            LookupError: no target was given out for it.
            ValueError: what was to be sent along is missing or wrong.
        """
        target = self._targets.get(key)
        if target is None or target.method != method:
            raise LookupError(f"nothing was staged at {key} for {method}")
        wanted = target.parameters if method == "POST" else {"content-type": target.media_type}
        if wrong := [name for name, value in wanted.items() if sent.get(name) != value]:
            raise ValueError(f"missing or wrong: {', '.join(wrong)}")
        self._files[key] = content


def uploads_router(uploads: Uploads) -> APIRouter:
    """The addresses that files are sent to."""
    router = APIRouter()

    @router.put(PREFIX + "{key:path}")
    async def put(key: str, request: Request) -> Response:
        _receive(uploads, key, "PUT", request.headers, await request.body())
        return Response()

    @router.post(PREFIX)
    async def post(request: Request) -> Response:
        # Closing the form closes the file that it was spooled to.
        async with request.form() as sent:
            form = dict(sent)
            file = form.pop("file", None)
            if not isinstance(file, UploadFile):
                raise HTTPException(400, "no file field in the form")
            _receive(uploads, str(form.get("key")), "POST", form, await file.read())
        return Response(f"<PostResponse><Key>{form['key']}</Key></PostResponse>", 201)

    return router


def _receive(
    uploads: Uploads, key: str, method: str, sent: Mapping[str, Any], content: bytes
) -> None:
    try:
        uploads.receive(key, method, sent, content)
    except (LookupError, ValueError) as error:
        raise HTTPException(403, str(error)) from error
