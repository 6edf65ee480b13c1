"""The address that marketplaces send their notifications to."""

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from connectors.errors import NotAuthentic
from connectors.protocol import Notice
from connectors.registry import marketplace
from jobs import channels
from jobs.models import Channel
from jobs.notifications import receive
from trade_ma.installation import App
from trade_ma.workshop import account_of

# The largest notification there is: Amazon's SQS messages, of 256 KB.
# Source: Amazon SQS quotas, message size.
LARGEST = 256 * 1024


def webhooks(installation: App) -> FastAPI:
    """The notifications alone, for an installation whose API is served elsewhere or not at all."""
    app = FastAPI(title="Trade.ma notifications", openapi_url=None)
    app.include_router(notifications(installation))
    return app


def notifications(installation: App) -> APIRouter:
    """POST /webhooks/{channel}: 204 for what is authentic, whether or not it came before."""
    router = APIRouter(include_in_schema=False)

    @router.post("/webhooks/{code}", status_code=204)
    async def take(code: str, request: Request) -> Response:
        body = await request.body()
        if len(body) > LARGEST:
            raise HTTPException(413)
        await run_in_threadpool(_take, installation, code, dict(request.headers), body)
        return Response(status_code=204)

    return router


def _take(installation: App, code: str, headers: dict[str, str], body: bytes) -> None:
    with installation.session() as session:
        try:
            [channel] = channels.find(session, [code])
        except LookupError as error:
            raise HTTPException(404) from error
        receive(session, channel, _understood(installation, channel, headers, body))
        try:
            session.commit()
        except IntegrityError:
            # The same delivery came twice at once, and the other one is kept.
            session.rollback()


def _understood(
    installation: App, channel: Channel, headers: dict[str, str], body: bytes
) -> Notice:
    notice = marketplace(channel.marketplace).notice
    if notice is None:
        raise HTTPException(404)
    try:
        return notice(account_of(installation, channel), headers, body)
    except NotAuthentic as error:
        raise HTTPException(401) from error
    except (ValueError, LookupError, TypeError) as error:
        # Signed, and yet not understood: say so, that the marketplace shows it to its developer.
        raise HTTPException(422) from error
