"""The tables of texts: segments, where they are used, their translations, and what was paid."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words

# Characters of an engine's name that are kept.
ENGINE_NAME = 60


class TextField(StrEnum):
    """Which text of a product."""

    TITLE = "title"
    DESCRIPTION = "description"


class TextState(StrEnum):
    """How far a translation may be relied on."""

    MACHINE = "machine"
    REVIEWED = "reviewed"
    REJECTED = "rejected"


class Segment(SQLModel, table=True):
    """A title or a sentence as its maker wrote it, once however many products say it.

    `digest` names its language and its characters; a segment never changes.
    """

    __tablename__ = "segment"

    id: int | None = Field(default=None, primary_key=True)
    language: str = Field(max_length=12, index=True)
    digest: str = Field(unique=True, max_length=32)
    text: str


class SegmentUse(SQLModel, table=True):
    """Where a segment stands: in which product's text, at which place among its segments."""

    __tablename__ = "segment_use"

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    field: TextField = Field(primary_key=True, sa_type=words(TextField))
    position: int = Field(primary_key=True)
    segment_id: int = Field(foreign_key="segment.id", index=True)


class Translation(SQLModel, table=True):
    """A segment in another language.

    `problems` are the findings of its checks; where it is `held`, one of them keeps it back until
    a person looked. A reviewed one that still has problems was accepted in spite of them.
    """

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("segment_id", "language"),
        Index("ix_translation_state", "state", "language", "segment_id"),
        Index("ix_translation_held", "language", "held", "segment_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    segment_id: int = Field(foreign_key="segment.id", index=True)
    language: str = Field(max_length=12)
    text: str
    state: TextState = Field(default=TextState.MACHINE, sa_type=words(TextState))
    engine: str = Field(max_length=ENGINE_NAME)
    held: bool = False
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TextCut(SQLModel, table=True):
    """The revision of a product that its segments were last cut at.

    A migration that follows a change of how texts are cut empties this table.
    """

    __tablename__ = "text_cut"

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    revision: int


class TranslationClaim(SQLModel, table=True):
    """A segment that a run is having translated into a language; others pass it over `until` then.

    A run that was killed leaves its claims behind, and they lapse.
    """

    __tablename__ = "translation_claim"

    segment_id: int = Field(foreign_key="segment.id", primary_key=True)
    language: str = Field(primary_key=True, max_length=12)
    run: str = Field(max_length=32, index=True)
    until: datetime = Field(sa_type=UtcDateTime)


class TranslationSpend(SQLModel, table=True):
    """The characters that an engine was given on a day (UTC): what its budget is kept by.

    They are written before the engine is asked, so that runs side by side keep to one budget.
    """

    __tablename__ = "translation_spend"

    day: date = Field(primary_key=True)
    engine: str = Field(primary_key=True, max_length=ENGINE_NAME)
    characters: int = Field(default=0, sa_type=BigInteger)
