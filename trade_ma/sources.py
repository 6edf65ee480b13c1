"""Who is asked from outside: for exchange rates, and for translations, as the settings say."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from catalog.pricing.sources import RateSource, SourceName
from jobs import rates
from trade_ma.installation import App

if TYPE_CHECKING:
    from catalog.translation.engines.protocol import Engine


def rate_source(app: App, name: SourceName) -> RateSource:
    """The source of that name.

    Raises:
        ValueError: a setting is missing, or the rates file has a line that is no rate.
        OSError: the rates file cannot be read.
    """
    from catalog.pricing.sources import bank_al_maghrib, ecb
    from catalog.pricing.sources.file import RatesFile

    settings = app.settings
    match name:
        case SourceName.FILE:
            if settings.rates_file is None:
                raise ValueError("set TRADE_MA_RATES_FILE to the file's path")
            return RatesFile(settings.rates_file)
        case SourceName.BANK_AL_MAGHRIB:
            if settings.rates_key is None:
                raise ValueError("Bank Al-Maghrib wants a key: set TRADE_MA_RATES_KEY")
            key, base = settings.rates_key.get_secret_value(), settings.rates_url
            today = datetime.now(UTC).date()
            return bank_al_maghrib.BankAlMaghrib(key, today, base or bank_al_maghrib.BASE_URL)
        case SourceName.ECB:
            with app.session() as session:
                known = rates.current(session, settings.rates_file)
            if "EUR" not in known:
                raise ValueError("the ECB quotes no dirhams: trade-ma rates set EUR=... first")
            return ecb.EuropeanCentralBank(known["EUR"], settings.rates_url or ecb.BASE_URL)


def translator(app: App, name: str | None = None) -> "Engine | None":
    """The translation engine of that name, or the configured one; None where none is.

    Raises:
        EngineError: it cannot be opened.
    """
    from catalog.translation.engines.registry import EngineSettings, engine_from

    settings = app.settings
    return engine_from(
        EngineSettings(
            name or settings.translation_engine,
            settings.translation_url,
            settings.translation_key.get_secret_value(),
            settings.translation_model,
            settings.data_dir / "translation-models",
        )
    )
