"""Look for what needs a person, and tell the operator's hooks: the daemon does it each minute."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.clock import Clock
from jobs import alert_news, conflicts
from jobs.alert_models import AlertKind
from jobs.alert_news import News, Turn
from jobs.alerts import AlertLimits, Condition, conditions
from trade_ma.alert_email import Email
from trade_ma.alert_hooks import Hook, HookFailed
from trade_ma.alert_webhook import Webhook
from trade_ma.installation import App
from trade_ma.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alerted:
    """What stands now, how many news each hook took, and why others took none, by hook."""

    standing: tuple[Condition, ...] = ()
    told: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)


def hooks_of(settings: Settings) -> Iterator[Hook]:
    """The hooks that the settings name."""
    if settings.alert_email_to:
        sender = settings.alert_email_from or settings.alert_email_to.partition(",")[0]
        yield Email(settings.alert_email_to, sender, settings.smtp_url.get_secret_value())
    if address := settings.alert_webhook_url.get_secret_value():
        yield Webhook(address, settings.alert_webhook_secret.get_secret_value())


def limits_of(settings: Settings) -> AlertLimits:
    """From where on a state is an alert."""
    return AlertLimits(settings.alert_orders_minutes, settings.alert_refused_percent)


def alert(app: App, clock: Clock) -> Alerted:
    """Look at everything, and tell each hook what it has not heard yet, once.

    A hook that fails is tried again at the next call, and stops nothing.
    """
    standing = _noted(app, clock.now())
    hooks = list(hooks_of(app.settings))
    told: dict[str, int] = {}
    failed: dict[str, str] = {}
    for hook in hooks:
        try:
            told[hook.name] = _tell(app, hook)
        except HookFailed as error:
            failed[hook.name] = str(error)
            log.warning("alerts by %s: %s", hook.name, error)
    with app.session() as session:
        alert_news.forget(session, [hook.name for hook in hooks])
        session.commit()
    return Alerted(standing, told, failed)


def _noted(app: App, now: datetime) -> tuple[Condition, ...]:
    with app.session() as session:
        # Units that were counted or came back since close conflicts without an order coming in.
        conflicts.look(session, conflicts.watched(session), now)
        found = conditions(session, limits_of(app.settings), now)
        alert_news.note(session, found, now)
        session.commit()
    return tuple(found)


def _tell(app: App, hook: Hook) -> int:
    with app.session() as session:
        heard = alert_news.news(session, hook.name)
    if heard:
        hook.tell(heard)
        with app.session() as session:
            alert_news.told(session, hook.name, heard)
            session.commit()
    return len(heard)


def rehearse(settings: Settings, now: datetime) -> Alerted:
    """Send a trial by each hook."""
    words = "This is a trial: alerts arrive here"
    trial = News(0, Turn.BEGAN, AlertKind.CHANNEL_PAUSED, "trial", words, now)
    told: dict[str, int] = {}
    failed: dict[str, str] = {}
    for hook in hooks_of(settings):
        try:
            hook.tell([trial])
            told[hook.name] = 1
        except HookFailed as error:
            failed[hook.name] = str(error)
    return Alerted((), told, failed)
