"""The accounts we sell on: added, changed, paused, checked, connected and taken away."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic import AfterValidator, BaseModel, Field, HttpUrl
from sqlmodel import Session, col, select

from connectors import registry
from connectors.clock import SystemClock
from connectors.errors import ConnectorError
from jobs import channel_care, channels, consents, rates
from jobs.channel_health import Health, ListingState, healths
from jobs.models import Channel
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.conditions import IfMatch, locked, must_match, tagged
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.installation import App
from trade_ma.workshop import connector_of, market_of

router = subject("channels")
READ = [require(Permission.CHANNELS_READ)]
WRITE = [require(Permission.CHANNELS_WRITE)]

Code = Annotated[Text, Path(max_length=60, examples=["etsy"])]
Values = Annotated[dict[Text, Text], Field(max_length=40)]
NewCode = Annotated[Text, Field(pattern=f"^{channel_care.CODE.pattern}$", examples=["shopify-us"])]


def _httpx(address: str) -> str:
    HttpUrl(address)
    return address


Address = Annotated[Text, Field(max_length=500), AfterValidator(_httpx)]


class SiteShown(BaseModel):
    """One country's market."""

    code: str
    name: str
    currency: str
    locale: str
    country: str


class MarketplaceShown(BaseModel):
    """A marketplace that channels can be on, and what it asks for."""

    code: str
    name: str
    sites: list[SiteShown]
    credentials: list[str] = Field(description="What opens an account by hand.")
    consent: list[str] | None = Field(
        description="What is needed to ask its seller in a browser; null where it does not ask."
    )


class ChannelShown(BaseModel):
    """A channel as it is set. Its credentials are sealed, and never read back."""

    code: str
    marketplace: str
    site: str
    account: str
    currency: str
    locales: list[str]
    settings: dict[str, str]
    policy: dict[str, Any]
    paused: str | None = Field(description="Why it is left alone.")


class ChannelStanding(ChannelShown):
    """A channel, and how it stands."""

    trouble: str | None
    orders_pulled_at: datetime | None
    last_run: datetime | None
    listings: dict[ListingState, int]
    quotas: dict[str, datetime] = Field(description="Operations that are used up, until when.")


class NewChannel(BaseModel):
    """A channel to add."""

    code: NewCode
    marketplace: Annotated[Text, Field(max_length=40, examples=["shopify"])]
    site: Annotated[Text | None, Field(max_length=20)] = None
    account: Annotated[Text | None, Field(min_length=1, max_length=60)] = None
    currency: Annotated[str | None, Field(pattern="^[A-Za-z]{3}$")] = None
    locales: Annotated[list[Text], Field(max_length=20)] = []
    credentials: Values = {}
    settings: Values = {}
    policy: dict[str, Any] = {}
    by_consent: bool = Field(
        default=False, description="Its owner will consent in a browser: paused until then."
    )


class ChannelChange(BaseModel):
    """What a channel is from now on; fields that are left out stay."""

    settings: Values | None = None
    locales: Annotated[list[Text], Field(max_length=20)] | None = None
    policy: dict[str, Any] | None = Field(default=None, description="The whole of it.")
    dry_run: bool = False


class ChannelChanged(ChannelShown):
    """A channel as it is now, or would be."""

    dry_run: bool
    drafted_anew: int | None = Field(
        description="Of a dry run: the listings that the next pass would draft anew."
    )


class Credentials(BaseModel):
    """Credentials, by the names that the marketplace has for them."""

    credentials: Values


class Pause(BaseModel):
    """Why a channel is left alone."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)] = channel_care.BY_HAND


class Check(BaseModel):
    """Who we are at the marketplace; `error` where it does not know us or does not answer."""

    code: str
    id: str | None = None
    shop: str | None = None
    currency: str | None = None
    error: str | None = None


class Asking(BaseModel):
    """Where the marketplace sends the browser back to; it is registered with the app."""

    redirect_uri: Address
    credentials: Values = {}


class ConsentAsked(BaseModel):
    """The page that the account's owner opens."""

    url: str


class CameBack(BaseModel):
    """The whole address at which the browser ended."""

    address: Address


def shown(channel: Channel) -> ChannelShown:
    """A channel as it is set."""
    return ChannelShown(**_fields(channel))


def standing(channel: Channel, health: Health) -> ChannelStanding:
    """A channel and how it stands."""
    return ChannelStanding(
        **_fields(channel),
        trouble=channel.trouble,
        orders_pulled_at=channel.orders_pulled_at,
        last_run=health.last_run,
        listings=dict(health.listings),
        quotas=dict(health.quotas),
    )


def _fields(channel: Channel) -> dict[str, Any]:
    return {
        "code": channel.code,
        "marketplace": channel.marketplace,
        "site": channel.site,
        "account": channel.account,
        "currency": channel.currency,
        "locales": channel.locales,
        "settings": channel.settings,
        "policy": channel.policy,
        "paused": channel.paused_reason,
    }


def channel_to_write(session: Session, code: str) -> Channel:
    """The channel of that code, which nobody else writes until this request is done.

    Raises:
        Problem: 404 where there is none.
    """
    return locked(session, Channel, channel_of(session, code).id, "channel")


def channel_of(session: Session, code: str) -> Channel:
    """The channel of that code.

    Raises:
        Problem: 404 where there is none.
    """
    if (found := channel_care.named(session, code)) is None:
        raise not_found(f"There is no channel {code}.")
    return found


@router.get("/marketplaces", dependencies=READ, summary="Where channels can be")
def list_marketplaces() -> list[MarketplaceShown]:
    """Every marketplace that is installed, its sites, and the credentials that it asks for."""
    return [
        MarketplaceShown(
            code=market.code,
            name=market.name,
            sites=[SiteShown.model_validate(one, from_attributes=True) for one in market.sites],
            credentials=list(market.credentials),
            consent=list(market.consent.asks) if market.consent else None,
        )
        for market in map(registry.marketplace, registry.codes())
    ]


@router.get("", dependencies=READ, summary="Every channel, and how it stands")
def list_channels(
    session: DbSession, asked: Annotated[Paging, Depends(paging)]
) -> Page[ChannelStanding]:
    """Channels by code: pauses, trouble, listings by state and quotas that are used up."""
    all_channels = session.exec(select(Channel)).all()
    stand = healths(session, all_channels, datetime.now(UTC))
    sorts = {"code": col(Channel.code)}
    return page(
        session,
        select(Channel),
        asked,
        sorts,
        col(Channel.code),
        lambda one: standing(one, stand.get(one.id or 0, Health())),
    )


@router.post("", status_code=201, dependencies=WRITE, summary="Add a channel")
def add_channel(
    body: NewChannel, session: DbSession, installation: Installation, record: Recorder
) -> ChannelShown:
    """Add a channel; its credentials are sealed."""
    try:
        channel = add(session, installation, body)
    except (LookupError, ValueError) as error:
        raise invalid("body", str(error)) from error
    record("channel.add", f"channel:{channel.code}", after=(after := shown(channel)))
    return after


def add(session: Session, installation: App, body: NewChannel) -> Channel:
    """The new channel. Raises as jobs.channels.add does."""
    return channels.add(
        session,
        installation.sealer,
        code=body.code,
        account=body.account,
        marketplace_code=body.marketplace,
        site_code=body.site,
        credentials=body.credentials,
        settings=body.settings,
        currency=body.currency,
        locales=body.locales,
        policy=body.policy,
        by_consent=body.by_consent,
    )


@router.get("/{code}", dependencies=READ, summary="One channel, as it is set")
def read_channel(code: Code, session: DbSession, response: Response) -> ChannelShown:
    """A channel, with the ETag that a change of it wants."""
    tagged(response, found := shown(channel_of(session, code)))
    return found


@router.patch("/{code}", dependencies=WRITE, summary="Change a channel")
def change_channel(
    code: Code,
    body: ChannelChange,
    session: DbSession,
    installation: Installation,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> ChannelChanged:
    """Other settings, languages or another policy: the next pass follows them."""
    channel = channel_to_write(session, code)
    must_match(if_match, before := shown(channel))
    try:
        channel_care.change(channel, **body.model_dump(exclude={"dry_run"}))
        anew = _drafted_anew(session, installation, channel) if body.dry_run else None
    except (LookupError, ValueError) as error:
        raise invalid("body", str(error)) from error
    after = shown(channel)
    if body.dry_run:
        session.rollback()
    else:
        record("channel.change", f"channel:{code}", before=before, after=after)
        tagged(response, after)
    return ChannelChanged(**after.model_dump(), dry_run=body.dry_run, drafted_anew=anew)


def _drafted_anew(session: Session, installation: App, channel: Channel) -> int:
    known = rates.current(session, installation.settings.rates_file)
    return channel_care.drafted_anew(session, channel, market_of(channel), known)


@router.post("/{code}/pause", dependencies=WRITE, summary="Leave a channel alone")
def pause_channel(code: Code, body: Pause, session: DbSession, record: Recorder) -> ChannelShown:
    """No pass touches it until it is resumed."""
    channel = channel_to_write(session, code)
    before = shown(channel)
    channel_care.pause(channel, body.reason)
    record("channel.pause", f"channel:{code}", before=before, after=(after := shown(channel)))
    return after


@router.post("/{code}/resume", dependencies=WRITE, summary="Let a channel work again")
def resume_channel(code: Code, session: DbSession, record: Recorder) -> ChannelShown:
    """The next pass takes it up."""
    channel = channel_to_write(session, code)
    before = shown(channel)
    channel_care.resume(channel)
    record("channel.resume", f"channel:{code}", before=before, after=(after := shown(channel)))
    return after


@router.put("/{code}/credentials", dependencies=WRITE, summary="Enter credentials anew")
def enter_credentials(
    code: Code,
    body: Credentials,
    session: DbSession,
    installation: Installation,
    record: Recorder,
) -> ChannelShown:
    """Seal them for all channels of the account, and let these work again."""
    channel = channel_to_write(session, code)
    try:
        channel_care.enter_credentials(session, installation.sealer, channel, body.credentials)
    except (LookupError, ValueError) as error:
        raise invalid("body.credentials", str(error)) from error
    record("channel.credentials", f"channel:{code}", after=(after := shown(channel)))
    return after


@router.delete("/{code}", status_code=204, dependencies=WRITE, summary="Take a channel away")
def remove_channel(code: Code, session: DbSession, record: Recorder) -> None:
    """Only where nothing was listed or ordered there; pause it otherwise."""
    channel = channel_to_write(session, code)
    record("channel.remove", f"channel:{code}", before=shown(channel))
    try:
        channel_care.remove(session, channel)
    except ValueError as error:
        raise conflict("channel-used", str(error)) from error


@router.post("/{code}/check", dependencies=WRITE, summary="Who are we there?")
def check_channel(code: Code, session: DbSession, installation: Installation) -> Check:
    """Ask the marketplace who we are there. Changes nothing."""
    channel = channel_of(session, code)
    session.expunge(channel)
    session.rollback()
    return checked(installation, channel)


def checked(installation: App, channel: Channel) -> Check:
    """Who we are there. Asks the marketplace: no transaction may be open."""
    try:
        with closing(connector_of(installation, channel)) as connector:
            shop = connector.check()
    except ConnectorError as error:
        return Check(code=channel.code, error=f"{type(error).__name__}: {error}")
    return Check(code=channel.code, id=shop.id, shop=shop.name, currency=shop.currency)


@router.post("/{code}/consent", status_code=201, summary="Ask the owner's consent")
def ask_consent(
    code: Code,
    body: Asking,
    session: DbSession,
    installation: Installation,
    principal: Annotated[Principal, require(Permission.CHANNELS_WRITE)],
    record: Recorder,
) -> ConsentAsked:
    """The page that the account's owner opens; whoever asked brings the answer in time."""
    channel = channel_to_write(session, code)
    try:
        url = consents.ask(
            installation.sealer,
            channel,
            redirect_uri=body.redirect_uri,
            asker=asker(principal),
            now=datetime.now(UTC),
            given=body.credentials,
        )
    except (LookupError, ValueError) as error:
        raise invalid("body", str(error)) from error
    record("channel.consent-asked", f"channel:{code}")
    return ConsentAsked(url=url)


@router.post("/{code}/consent/answer", summary="Bring the owner's consent")
def answer_consent(
    code: Code,
    body: CameBack,
    request: Request,
    session: DbSession,
    principal: Annotated[Principal, require(Permission.CHANNELS_WRITE)],
    record: Recorder,
) -> ChannelShown:
    """Exchange it for credentials, seal them, and let the channel work."""
    channel = connected(request, session, principal, code, body.address)
    record("channel.credentials", f"channel:{code}", after=(after := shown(channel)))
    return after


def asker(principal: Principal) -> str:
    """Whose question for consent it is: one browser's session, or one token."""
    return f"{principal.reference} {principal.session_id or ''}"


def connected(
    request: Request, session: Session, principal: Principal, code: str, address: str
) -> Channel:
    """The channel, with the credentials of the consent that ended at `address`. Asks for them.

    Raises:
        Problem: 404 without the channel, 409 without an open question of theirs or where the
            marketplace refuses the answer.
    """
    installation: App = request.app.state.installation
    channel_of(session, code)
    session.rollback()
    try:
        told = _told(installation, code, asker(principal), address)
        channel = channel_to_write(session, code)
        consents.keep(session, installation.sealer, channel, told)
    except (ConnectorError, LookupError, ValueError) as error:
        raise conflict("consent", str(error)) from error
    return channel


def _told(installation: App, code: str, who: str, address: str) -> Mapping[str, str]:
    # Taken out and committed first: an answer is tried once, whatever becomes of it.
    with installation.session() as session:
        channel = channel_to_write(session, code)
        question = consents.take(installation.sealer, channel, asker=who, now=datetime.now(UTC))
        session.commit()
    return question.answered(address, SystemClock())
