"""Pictures of listings: from the public web, and from the channel's own practice market."""

import io

from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.server import serve
from images.fetch import Web
from images.measures import measure
from jobs.models import Channel
from jobs.remote_pictures import fingerprint_at


def picture() -> bytes:
    image = Image.linear_gradient("L").resize((300, 300)).convert("RGB")
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


async def show(request: Request) -> Response:
    known = request.path_params["name"] == "1.jpg"
    return Response(picture(), media_type="image/jpeg") if known else Response(status_code=404)


APP = Starlette(routes=[Route("/cdn/{name}", show)])


def channel(base_url: str | None = None) -> Channel:
    settings = {"base_url": base_url} if base_url else {}
    return Channel(
        code="us", marketplace="shopify", site="world", account="us", currency="USD",
        settings=settings,
    )  # fmt: skip


def test_a_practice_market_may_tell_addresses_with_and_without_its_own() -> None:
    wanted = measure(picture()).fingerprint
    with serve(APP) as address:
        practice = channel(address)
        assert fingerprint_at(practice, f"{address}/cdn/1.jpg", Web()) == wanted
        assert fingerprint_at(practice, "/cdn/1.jpg", Web()) == wanted
        assert fingerprint_at(practice, "/cdn/2.jpg", Web()) is None


def test_no_other_address_of_this_machine_is_asked() -> None:
    with serve(APP) as address, serve(APP) as other:
        assert fingerprint_at(channel(), f"{address}/cdn/1.jpg", Web()) is None
        assert fingerprint_at(channel(other), f"{address}/cdn/1.jpg", Web()) is None


def test_a_picture_that_is_none_tells_nothing() -> None:
    nowhere = Web(resolve=lambda _host: [])
    assert fingerprint_at(channel(), "https://shop.example/1.jpg", nowhere) is None
    assert fingerprint_at(channel(), "not an address", nowhere) is None
