"""Translating what is missing: asked for now, and how far it is."""

from dataclasses import asdict

from pydantic import BaseModel, Field

from jobs.texts import register_latest
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.problems import conflict
from trade_ma.api.recording import Recorder
from trade_ma.api.routers.texts import CUT_AT_ONCE
from trade_ma.api.subject import subject
from trade_ma.identity.permissions import Permission
from trade_ma.translation_now import translate_now, translation_status

router = subject("texts")
# It costs what the engine costs, and what is left is that of all makers.
RUN = [require(Permission.SYNC_RUN)]


class Left(BaseModel):
    """What a pair of languages lacks."""

    source: str
    target: str
    segments: int
    characters: int


class TranslationShown(BaseModel):
    """How translating stands; what is left falls while a worker is at it."""

    engine: str = Field(description="Empty where none is configured.")
    budget: int | None = Field(description="Characters a day; null for any.")
    spent: int = Field(description="Characters given to engines today (UTC).")
    waits: bool = Field(description="It is in the queue: a daemon will do it.")
    at_work: bool
    left: list[Left]


class Asked(BaseModel):
    """Whether it was put into the queue, or was there already."""

    put: bool


@router.get("/translation", dependencies=RUN, summary="How far translating is")
def read_translation(session: DbSession, installation: Installation) -> TranslationShown:
    """What is left by languages, and whether somebody is at it."""
    register_latest(session, CUT_AT_ONCE)
    return TranslationShown.model_validate(asdict(translation_status(installation, session)))


@router.post("/translation", status_code=202, dependencies=RUN, summary="Translate now")
def ask_for_translation(session: DbSession, installation: Installation, record: Recorder) -> Asked:
    """Put it into the queue for a worker; see GET for how far it is."""
    session.rollback()
    try:
        put = translate_now(installation)
    except LookupError as error:
        raise conflict("no-engine", str(error)) from error
    record("text.translate", "texts", after=(asked := Asked(put=put)))
    return asked
