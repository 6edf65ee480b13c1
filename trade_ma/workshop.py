"""Put a pass together from an opened installation."""

from functools import partial

from connectors.clock import Clock, SystemClock
from connectors.protocol import Account, Connector, Marketplace
from connectors.registry import marketplace
from jobs import channels, rates
from jobs.media import StoredPhotos
from jobs.models import Channel
from jobs.sync import Progress, Silent, Workshop
from trade_ma.installation import App


def account_of(app: App, channel: Channel, clock: Clock | None = None) -> Account:
    """The account of a channel."""
    return channels.account_of(
        channel,
        sessions=app.session,
        sealer=app.sealer,
        clock=clock or SystemClock(),
        locks=app.locks,
    )


def market_of(channel: Channel) -> Marketplace:
    """The marketplace that a channel sells on."""
    return marketplace(channel.marketplace)


def connector_of(app: App, channel: Channel, clock: Clock | None = None) -> Connector:
    """The connector of a channel; the caller closes it."""
    photos = StoredPhotos(app.photos, app.settings.media_url)
    return market_of(channel).connect(account_of(app, channel, clock), photos)


def workshop_of(app: App, progress: Progress | None = None, clock: Clock | None = None) -> Workshop:
    """What a pass works with; on the machine's own clock unless another is given.

    Raises:
        ValueError: the rates file has a line that is no rate.
    """
    clock = clock or SystemClock()
    with app.session() as session:
        known = rates.current(session, app.settings.rates_file)
    return Workshop(
        sessions=app.session,
        market=market_of,
        connect=partial(connector_of, app, clock=clock),
        sealer=app.sealer,
        rates=known,
        clock=clock,
        progress=progress or Silent(),
        locks=app.locks,
    )
