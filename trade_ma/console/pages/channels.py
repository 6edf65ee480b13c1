"""The accounts we sell on: how they stand, and what may be done to one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form
from sqlmodel import col, select
from starlette.responses import Response

from connectors import registry
from jobs import channel_care, channels, consents
from jobs.channel_health import Health, ListingState, healths
from jobs.models import Channel
from trade_ma.api.problems import Problem
from trade_ma.api.routers.channels import (
    asker,
    channel_of,
    channel_to_write,
    checked,
    connected,
    shown,
)
from trade_ma.console import policy_form
from trade_ma.console.channel_words import why_told
from trade_ma.console.fields import Fields
from trade_ma.console.flashes import Tone
from trade_ma.console.home import Health as Standing
from trade_ma.console.languages import marked
from trade_ma.console.marketplace_words import Credential, credentials
from trade_ma.console.pages.home import HEALTH
from trade_ma.console.recording import record
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.CHANNELS_READ)]
Writer = Annotated[Visit, allowed(Permission.CHANNELS_WRITE)]
ONE = "channels/channel.html"

LISTINGS: Mapping[ListingState, str] = {
    ListingState.LIVE: marked("On sale"),
    ListingState.ENDED: marked("Ended"),
    ListingState.JUDGED: marked("Being judged"),
    ListingState.REFUSED: marked("Refused"),
    ListingState.WAITING: marked("Waiting"),
}
LAST_UNIT = (("show", marked("Show it")), ("hide", marked("Hide it")))
TEXTS = (
    ("reviewed", marked("Only what a person has read")),
    ("machine", marked("What a machine translated, too")),
    ("composed", marked("Only what we compose from the vocabulary")),
)
DRIFT = (
    ("overwrite", marked("Send ours again")),
    ("report", marked("Tell us, and wait")),
    ("accept", marked("Take theirs into the catalog")),
)
# See jobs.policies.DriftPolicy: the catalog has no word for these.
_NOT_TAKEN = frozenset({"presence", "images"})
PARTS: Mapping[str, str] = {
    "price": marked("Another price"),
    "stock": marked("Another quantity"),
    "presence": marked("The listing is gone"),
    "text": marked("Other words"),
    "images": marked("Other pictures"),
}


@router.get("/channels")
def all_channels(visit: Reader) -> Response:
    """Every channel, and how it stands."""
    found = visit.session.exec(select(Channel).order_by(col(Channel.code))).all()
    stand = healths(visit.session, found, datetime.now(UTC))
    cards = [_card(visit, one, stand[one.id or 0]) for one in found]
    return visit.page("channels/channels.html", channels=cards, **_may(visit))


def _may(visit: Visit) -> dict[str, bool]:
    return {
        "may_write": visit.principal.may(Permission.CHANNELS_WRITE),
        "may_sync": visit.principal.may(Permission.SYNC_RUN),
    }


def _card(visit: Visit, channel: Channel, health: Health) -> dict[str, Any]:
    troubled = Standing.TROUBLED if channel.trouble else Standing.WELL
    label, tone = HEALTH[Standing.PAUSED if channel.paused_reason else troubled]
    return {
        "code": channel.code,
        "market": _market_name(channel),
        "site": channel.site,
        "currency": channel.currency,
        "health": {"label": visit.say(label), "tone": tone},
        "why": why_told(visit, channel.paused_reason, channel.trouble),
        "waits_for_consent": channel.paused_reason == channels.AWAITS_CONSENT,
        "orders_pulled_at": channel.orders_pulled_at,
        "last_run": health.last_run,
        "listings": [
            (visit.say(words), health.listings[state])
            for state, words in LISTINGS.items()
            if state in health.listings
        ],
        "quotas": sorted(health.quotas.items()),
    }


def _market_name(channel: Channel) -> str:
    try:
        return registry.marketplace(channel.marketplace).name
    except LookupError:
        return channel.marketplace


@router.get("/channels/{code}")
def one_channel(visit: Reader, code: str) -> Response:
    """One channel: how it stands, what is decided about it, and what may be done."""
    return visit.page(ONE, errors={}, **_values(visit, channel_of(visit.session, code)))


def _values(visit: Visit, channel: Channel, **more: Any) -> dict[str, Any]:
    market = registry.marketplace(channel.marketplace)
    health = healths(visit.session, [channel], datetime.now(UTC))[channel.id or 0]
    fields: list[Credential] = credentials(visit, market.code, market.credentials)
    return {
        "one": _card(visit, channel, health),
        "policy": policy_form.shown(channel.policy),
        "raw": json.dumps(channel.policy, indent=2, ensure_ascii=False),
        "settings": "\n".join(f"{name}={value}" for name, value in channel.settings.items()),
        "credentials": fields,
        "consent": market.consent is not None,
        "redirect_uri": _redirect_uri(visit, channel.code),
        "was_used": channel_care.was_used(visit.session, channel),
        "last_unit_options": _said(visit, LAST_UNIT),
        "text_options": _said(visit, TEXTS),
        "drift": [
            (
                part,
                visit.say(words),
                _said(visit, DRIFT[: 2 if part in {"presence", "images"} else 3]),
            )
            for part, words in PARTS.items()
        ],
        **_may(visit),
    } | more


def _said(visit: Visit, options: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(value, visit.say(words)) for value, words in options]


def _redirect_uri(visit: Visit, code: str) -> str:
    return f"{str(visit.request.base_url).rstrip('/')}/channels/{code}/connected"


@router.post("/channels/{code}/check")
def check(visit: Writer, code: str) -> Response:
    """Ask the marketplace who we are there."""
    channel = channel_of(visit.session, code)
    visit.session.expunge(channel)
    visit.session.rollback()
    told = checked(visit.installation, channel)
    if told.error:
        words = visit.say(
            "%(channel)s does not let us in: look at its credentials. It says:", channel=code
        )
        return visit.to(f"/channels/{code}", words, Tone.ERROR, told.error)
    words = visit.say("All is well: there we are %(shop)s.", shop=told.shop or "")
    return visit.to(f"/channels/{code}", words)


@router.post("/channels/{code}/pause")
def pause(visit: Writer, code: str, reason: Annotated[str, Form(max_length=500)] = "") -> Response:
    """Leave it alone."""
    channel = channel_to_write(visit.session, code)
    before = shown(channel)
    channel_care.pause(channel, reason.strip() or channel_care.BY_HAND)
    record(visit, "channel.pause", f"channel:{code}", before=before, after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("%(channel)s is paused.", channel=code))


@router.post("/channels/{code}/resume")
def resume(visit: Writer, code: str) -> Response:
    """Let it work again."""
    channel = channel_to_write(visit.session, code)
    before = shown(channel)
    channel_care.resume(channel)
    record(visit, "channel.resume", f"channel:{code}", before=before, after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("%(channel)s is on again.", channel=code))


@router.post("/channels/{code}/policy")
def change_policy(visit: Writer, code: str, fields: Fields) -> Response:
    """The common things of its policy, or with `raw` the whole JSON."""
    channel = channel_to_write(visit.session, code)
    before = shown(channel)
    is_raw = "raw" in fields
    try:
        policy = (
            policy_form.from_json(fields["raw"])
            if is_raw
            else policy_form.filled(channel.policy, fields)
        )
        channel_care.change(channel, policy=policy)
    except (LookupError, ValueError) as error:
        told = visit.say("The policy stays as it was: %(why)s", why=refusal_told(visit, error))
        visit.session.rollback()
        kept: dict[str, Any] = (
            {"raw": fields["raw"]} if is_raw else {"policy": _as_sent(channel, fields)}
        )
        values = _values(visit, channel_of(visit.session, code), **kept)
        return visit.refused(ONE, {"raw" if is_raw else "margin": told}, **values)
    record(visit, "channel.change", f"channel:{code}", before=before, after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("Saved: the next pass follows it."))


def _as_sent(channel: Channel, fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it was sent, over what stands."""
    standing = policy_form.shown(channel.policy)
    return {name: fields.get(name, value) for name, value in standing.items()}


@router.post("/channels/{code}/settings")
def change_settings(
    visit: Writer, code: str, settings: Annotated[str, Form(max_length=10_000)] = ""
) -> Response:
    """Its settings, a line of NAME=VALUE each."""
    channel = channel_to_write(visit.session, code)
    before = shown(channel)
    lines = [line.strip() for line in settings.splitlines() if line.strip()]
    pairs = dict(line.split("=", 1) for line in lines if "=" in line)
    if len(pairs) != len(lines):
        wrong = visit.say("Write NAME=VALUE on each line, each name once.")
        values = _values(visit, channel, settings=settings)
        return visit.refused(ONE, {"settings": wrong}, **values)
    channel_care.change(channel, settings=pairs)
    record(visit, "channel.change", f"channel:{code}", before=before, after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("Saved: the next pass follows it."))


@router.post("/channels/{code}/credentials")
def enter_credentials(visit: Writer, code: str, fields: Fields) -> Response:
    """Credentials, entered anew."""
    channel = channel_to_write(visit.session, code)
    names = registry.marketplace(channel.marketplace).credentials
    given = {name: fields.get(name, "").strip() for name in names}
    if empty := [name for name in names if not given[name]]:
        errors = dict.fromkeys(empty, visit.say("This is needed."))
        return visit.refused(ONE, errors, **_values(visit, channel))
    channel_care.enter_credentials(visit.session, visit.installation.sealer, channel, given)
    record(visit, "channel.credentials", f"channel:{code}", after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("Sealed. Check whether they open the account."))


@router.post("/channels/{code}/connect")
def connect(visit: Writer, code: str) -> Response:
    """The way to the marketplace's page of consent: a link, since a form may not lead away."""
    channel = channel_to_write(visit.session, code)
    try:
        url = consents.ask(
            visit.installation.sealer,
            channel,
            redirect_uri=_redirect_uri(visit, code),
            asker=asker(visit.principal),
            now=datetime.now(UTC),
        )
    except (LookupError, ValueError) as error:
        return visit.to(f"/channels/{code}", refusal_told(visit, error), Tone.ERROR)
    record(visit, "channel.consent-asked", f"channel:{code}")
    return visit.page("channels/connect.html", code=code, market=_market_name(channel), url=url)


@router.get("/channels/{code}/connected")
def come_back(visit: Writer, code: str) -> Response:
    """Where the marketplace sends the owner's browser back to."""
    came_back = str(visit.request.url)
    try:
        channel = connected(visit.request, visit.session, visit.principal, code, came_back)
    except Problem as problem:
        visit.session.rollback()
        words = visit.say("It is not connected: begin again with “Connect”. This was said:")
        return visit.to(f"/channels/{code}", words, Tone.ERROR, problem.detail)
    record(visit, "channel.credentials", f"channel:{code}", after=shown(channel))
    return visit.to(f"/channels/{code}", visit.say("%(channel)s is connected.", channel=code))


@router.post("/channels/{code}/remove")
def remove(visit: Writer, code: str) -> Response:
    """Take it away, where nothing was ever listed there."""
    channel = channel_to_write(visit.session, code)
    record(visit, "channel.remove", f"channel:{code}", before=shown(channel))
    try:
        channel_care.remove(visit.session, channel)
    except ValueError:
        visit.session.rollback()
        words = visit.say("Something was listed or ordered there already: pause it instead.")
        return visit.to(f"/channels/{code}", words, Tone.ERROR)
    return visit.to("/channels", visit.say("%(channel)s was taken away.", channel=code))
