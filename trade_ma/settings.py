"""Settings, from the environment (TRADE_MA_*) and a .env file, with embedded defaults."""

from pathlib import Path

from cryptography.fernet import Fernet
from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.pricing.sources import SourceName

# The databases that this program is tested on, as people write them.
_DATABASES = ("postgres://", "postgresql://", "postgresql+psycopg://", "sqlite:///")


class Settings(BaseSettings):
    """Everything an operator may set; with none of it, one machine and SQLite."""

    model_config = SettingsConfigDict(env_prefix="TRADE_MA_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("trade-ma"),
        description="Where the database, the photos and the key are kept.",
    )
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("TRADE_MA_DATABASE_URL", "DATABASE_URL"),
        description="PostgreSQL, such as postgresql://user@host/base; SQLite in data_dir without.",
    )
    key: SecretStr | None = Field(
        default=None,
        description="Fernet key that seals credentials, or new,old; a 0600 file without.",
    )
    requests_per_second: float = Field(
        default=50, gt=0, description="Of one address, or of one user, over HTTP."
    )
    rates_file: Path | None = Field(
        default=None, description="CSV of exchange rates, before the history and those we ship."
    )
    rates_source: SourceName = Field(
        default=SourceName.ECB, description="Who is asked for exchange rates."
    )
    rates_key: SecretStr | None = Field(
        default=None, description="Our key at that source; Bank Al-Maghrib wants one."
    )
    rates_url: str | None = Field(
        default=None, description="Another server of that source, such as a proxy."
    )

    orders_every: int = Field(default=120, ge=1, description="Seconds between two pulls.")
    push_every: int = Field(default=600, ge=1, description="Seconds between two full pushes.")
    reconcile_every: int = Field(
        default=86_400, ge=60, description="Seconds between two comparisons with each market."
    )
    rates_every: int = Field(
        default=86_400, ge=60, description="Seconds between two questions for exchange rates."
    )
    alerts_every: int = Field(
        default=60, ge=1, description="Seconds between two looks for what a person must know."
    )
    erasure_every: int = Field(
        default=86_400, ge=60, description="Seconds between two erasures of buyers' data."
    )
    photos_every: int = Field(
        default=3_600, ge=60, description="Seconds between two rounds of making renditions."
    )
    texts_every: int = Field(
        default=3_600, ge=60, description="Seconds between two rounds of translating."
    )
    status_port: int = Field(
        default=8766,
        ge=0,
        le=65535,
        description="The loopback port where a daemon tells how it does; 0 for none.",
    )

    photos_url: str | None = Field(
        default=None,
        description="An fsspec address of the photos, s3://bucket/prefix; in data_dir without.",
    )
    media_url: str | None = Field(
        default=None,
        description="Public https address of the renditions of photos, for markets that fetch.",
    )

    translation_engine: str = Field(
        default="", description="deepl, libretranslate, chat or firefox; none without."
    )
    translation_url: str = Field(
        default="", description="The engine's address, where it is not the public one."
    )
    translation_key: SecretStr = Field(
        default=SecretStr(""), description="The engine's key, where it asks for one."
    )
    translation_model: str = Field(default="", description="The model that a chat engine runs.")
    translation_budget: int | None = Field(
        default=None, ge=0, description="Characters a day that the engine may be given."
    )

    alert_email_to: str = Field(
        default="", description="Who is written to when something needs a person; commas between."
    )
    alert_email_from: str = Field(
        default="", description="The sender of those letters; the first they go to without."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtps://user:password@host, or smtp://host:587, which insists on STARTTLS.",
    )
    alert_webhook_url: SecretStr = Field(
        default=SecretStr(""), description="An address that alerts are posted to as JSON."
    )
    alert_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="Signs what is posted, in X-Trade-Ma-Signature."
    )
    alert_orders_minutes: int = Field(
        default=15, ge=1, description="Minutes without a pull of orders that are an alert."
    )
    alert_refused_percent: int = Field(
        default=20, ge=0, le=100, description="Refused listings of a channel over this are one."
    )

    @field_validator("database_url")
    @classmethod
    def _is_of_a_database(cls, given: str | None) -> str | None:
        if given and not given.startswith(_DATABASES):
            raise ValueError("a database is at an address such as postgresql://user@host/base")
        return given or None

    @field_validator("key")
    @classmethod
    def _is_of_keys(cls, given: SecretStr | None) -> SecretStr | None:
        for key in _keys(given):
            Fernet(key)
        return given

    @property
    def sealing_keys(self) -> list[bytes]:
        """The keys in the environment, the one that seals first; mostly none."""
        return _keys(self.key)

    @property
    def photos_dir(self) -> Path:
        """The content-addressed photo store."""
        return self.data_dir / "photos"

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address in SQLAlchemy's form."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir / 'trade_ma.db'}"
        scheme, _, rest = self.database_url.partition("://")
        if scheme in {"postgres", "postgresql"}:
            return f"postgresql+psycopg://{rest}"
        return self.database_url


def _keys(given: SecretStr | None) -> list[bytes]:
    parts = given.get_secret_value().split(",") if given else ()
    return [key.strip().encode() for key in parts if key.strip()]


def variables(name: str) -> list[str]:
    """The variables of the environment that set the field of that name, the usual one first."""
    alias = Settings.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(one) for one in alias.choices]
    return [f"{Settings.model_config['env_prefix']}{name}".upper()]
