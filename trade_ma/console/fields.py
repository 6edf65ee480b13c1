"""The fields of a form whose names are known only when it comes."""

from typing import Annotated

from fastapi import Depends, Request

LONGEST = 20_000


async def _fields(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value[:LONGEST] for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(_fields)]
