"""Put a pass together from an opened installation."""

from functools import partial

from catalog.pricing.rates import load_rates
from connectors.clock import Clock, SystemClock
from connectors.protocol import Connector
from jobs.channels import open_connector
from jobs.media import StoredPhotos
from jobs.models import Channel
from jobs.sync import Progress, Silent, Workshop
from trade_ma.installation import App


def connector_of(app: App, channel: Channel, clock: Clock | None = None) -> Connector:
    """The connector of a channel."""
    return open_connector(
        channel,
        sessions=app.session,
        sealer=app.sealer,
        photos=StoredPhotos(app.photos, app.settings.media_url),
        clock=clock or SystemClock(),
    )


def workshop_of(app: App, progress: Progress | None = None) -> Workshop:
    """What a pass works with.

    Raises:
        ValueError: the rates file has a line that is no rate.
    """
    clock = SystemClock()
    return Workshop(
        sessions=app.session,
        connect=partial(connector_of, app, clock=clock),
        sealer=app.sealer,
        rates=load_rates(app.settings.rates_file),
        clock=clock,
        progress=progress or Silent(),
    )
