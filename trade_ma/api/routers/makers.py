"""The makers: artisans and cooperatives."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel, Field
from sqlmodel import col, select

from catalog.models import Maker
from catalog.refusals import Refused
from jobs import editing
from trade_ma.api.access import DbSession, require
from trade_ma.api.conditions import IfMatch, locked, must_match, tagged
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import forbidden, invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("makers")
Reader = Annotated[Principal, require(Permission.CATALOG_READ)]
Writer = Annotated[Principal, require(Permission.CATALOG_WRITE)]
Name = Annotated[Text, Field(min_length=1, max_length=200, examples=["Coopérative Tazenakht"])]
Region = Annotated[Text | None, Field(max_length=120, examples=["Tazenakht"])]


def _unconfined(principal: Writer) -> Principal:
    if principal.maker_id is not None:
        raise forbidden("A maker adds no other makers.")
    return principal


class MakerShown(BaseModel):
    """A maker; `slug` is their short name in files and on the command line."""

    id: int
    slug: str
    name: str
    is_cooperative: bool
    region: str | None
    created_at: datetime


class NewMaker(BaseModel):
    """A maker to add."""

    name: Name
    is_cooperative: bool = True
    region: Region = None


class MakerChange(BaseModel):
    """What a maker is from now on; fields that are left out stay."""

    name: Name | None = None
    is_cooperative: bool | None = None
    region: Region = None


def shown(maker: Maker) -> MakerShown:
    """A maker as they are told."""
    return MakerShown.model_validate(maker, from_attributes=True)


def refusal(refused: Refused) -> Any:
    """The problem of a value that cannot be written."""
    return invalid(f"body.{refused.field}", str(refused))


@router.get("", summary="The makers")
def list_makers(
    session: DbSession, principal: Reader, asked: Annotated[Paging, Depends(paging)]
) -> Page[MakerShown]:
    """Makers, by short name; a maker sees themselves."""
    statement = select(Maker)
    if principal.maker_id is not None:
        statement = statement.where(Maker.id == principal.maker_id)
    sorts = {"slug": col(Maker.slug), "id": col(Maker.id)}
    return page(session, statement, asked, sorts, col(Maker.id), shown)


@router.get("/{maker_id}", summary="One maker")
def read_maker(
    maker_id: Id, session: DbSession, principal: Reader, response: Response
) -> MakerShown:
    """A maker, with the ETag that a change of them wants."""
    maker = session.get(Maker, maker_id)
    if maker is None or not principal.sees(maker_id):
        raise not_found(f"There is no maker {maker_id}.")
    tagged(response, found := shown(maker))
    return found


@router.post("", status_code=201, dependencies=[Depends(_unconfined)], summary="Add a maker")
def add_maker(body: NewMaker, session: DbSession, record: Recorder) -> MakerShown:
    """A new maker; their short name is made of their name and stays."""
    try:
        maker = editing.create_maker(session, body.model_dump())
    except Refused as refused:
        raise refusal(refused) from refused
    record("maker.add", f"maker:{maker.slug}", after=(after := shown(maker)))
    return after


@router.patch("/{maker_id}", summary="Change a maker")
def change_maker(
    maker_id: Id,
    body: MakerChange,
    session: DbSession,
    principal: Writer,
    response: Response,
    record: Recorder,
    if_match: IfMatch = None,
) -> MakerShown:
    """Another name or region: their listings are compared again."""
    maker = locked(session, Maker, maker_id, "maker")
    if not principal.sees(maker_id):
        raise not_found(f"There is no maker {maker_id}.")
    must_match(if_match, before := shown(maker))
    given = body.model_dump(exclude_unset=True)
    wanted = {name: value for name, value in given.items() if value is not None or name == "region"}
    editing.change_maker(session, maker, wanted)
    after = shown(maker)
    record("maker.change", f"maker:{maker.slug}", before=before, after=after)
    tagged(response, after)
    return after
