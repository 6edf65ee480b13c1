"""The world: an installation with a catalog, and the three marketplaces that it sells on."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from starlette.staticfiles import StaticFiles

from connectors.sandbox.control import ServedMarket
from connectors.sandbox.registry import SANDBOXES
from connectors.sandbox.server import serve
from jobs import channels
from tests.chaos.catalog import fill
from tests.chaos.gate import Gate
from tests.chaos.shared_clock import SharedClock, new_clock
from trade_ma.installation import App, open_app
from trade_ma.settings import Settings

# Etsy ends what is sold out, and asks a fee to have it back.
_SETTINGS: Mapping[str, Mapping[str, str]] = {"etsy": {"renew": "yes"}}
# Channels by the marketplace that each sells on.
CHANNELS: Mapping[str, str] = {"amazon-us": "amazon", "etsy": "etsy", "shopify": "shopify"}
KEY = Fernet.generate_key().decode()


@dataclass(frozen=True, slots=True)
class World:
    """An installation, its markets by channel, and the clock that all of them live on."""

    app: App
    markets: Mapping[str, ServedMarket]
    gate: Gate
    clock: SharedClock
    counted: Mapping[str, int]

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs to work on this installation."""
        settings = self.app.settings
        found = {
            "TRADE_MA_DATA_DIR": str(settings.data_dir),
            "TRADE_MA_KEY": KEY,
            "TRADE_MA_MEDIA_URL": settings.media_url or "",
        }
        return found | ({"DATABASE_URL": settings.database_url} if settings.database_url else {})


@contextmanager
def open_world(folder: Path, products: int, database_url: str | None = None) -> Iterator[World]:
    """A world in `folder`, which is made, with nothing listed yet."""
    folder.mkdir(exist_ok=True)
    clock, gate = new_clock(folder / "clock"), Gate()
    markets = {code: SANDBOXES[marketplace](clock) for code, marketplace in CHANNELS.items()}
    renditions = folder / "photos" / "renditions"
    renditions.mkdir(parents=True)
    with ExitStack() as stack:
        media_url = stack.enter_context(serve(StaticFiles(directory=renditions)))
        app = open_app(
            Settings(data_dir=folder, key=KEY, media_url=media_url, database_url=database_url)
        )
        stack.callback(app.engine.dispose)
        addresses = {
            code: stack.enter_context(serve(gate.before(market.app())))
            for code, market in markets.items()
        }
        counted = fill(app, range(products))
        _open_channels(app, markets, addresses)
        yield World(app, markets, gate, clock, counted)


def _open_channels(
    app: App, markets: Mapping[str, ServedMarket], addresses: Mapping[str, str]
) -> None:
    with app.session() as session:
        for code, market in markets.items():
            channels.add(
                session,
                app.sealer,
                code=code,
                marketplace_code=CHANNELS[code],
                site_code="US" if code == "amazon-us" else None,
                credentials=market.credentials,
                settings={
                    **market.settings,
                    **_SETTINGS.get(code, {}),
                    "base_url": addresses[code],
                },
            )
        session.commit()
