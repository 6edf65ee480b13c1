"""Listings that stood on a marketplace before us, and the products that they seem to be."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlmodel import col

from jobs import adoption_decisions
from jobs.adoption_decisions import Proposal
from jobs.drift_models import Adoption, AdoptionState, Likeness
from trade_ma.api.access import DbSession, SignedIn, require
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission

router = subject("adoptions")
RUN = [require(Permission.RECONCILE_RUN)]
SORTS = {"id": col(Adoption.id), "score": col(Adoption.score)}


class AdoptionShown(BaseModel):
    """A listing of a marketplace, and the product it seems to be."""

    id: int
    channel: str
    remote_id: str
    title: str
    photo: str | None = Field(description="The address of the listing's first picture.")
    product: str | None = Field(description="The code of the product.")
    product_title: str | None
    likeness: Likeness
    score: int
    why: str
    state: AdoptionState
    decided_by: str | None


class Accepting(BaseModel):
    """Another product than the proposed one, by its code."""

    product: Annotated[Text | None, Field(max_length=120)] = None


def shown(one: Proposal) -> AdoptionShown:
    """A proposal as it is told."""
    row = one.adoption
    return AdoptionShown(
        id=row.id or 0,
        channel=one.channel,
        remote_id=row.remote_id,
        title=row.title,
        photo=row.remote.get("photo"),
        product=one.product.code if one.product else None,
        product_title=one.product.title if one.product else None,
        likeness=row.likeness,
        score=row.score,
        why=row.remote.get("why", ""),
        state=row.state,
        decided_by=row.decided_by,
    )


@router.get("", dependencies=RUN, summary="Listings to adopt")
def list_adoptions(
    session: DbSession,
    asked: Annotated[Paging, Depends(paging)],
    state: AdoptionState = AdoptionState.PROPOSED,
    channel: Annotated[list[Text], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Page[AdoptionShown]:
    """Adoptions in a state: those that wait for a person, unless another is asked for.

    As they were found; the likeliest come first by `sort=-score`.
    """
    wanted = adoption_decisions.looked_for(channel, state)
    one = page(session, wanted, asked, SORTS, col(Adoption.id), lambda adoption: adoption)
    found = adoption_decisions.beside(session, one.items)
    return Page(items=[shown(proposal) for proposal in found], next=one.next)


@router.post("/{adoption_id}/accept", dependencies=RUN, summary="Take a listing over")
def accept(
    adoption_id: Id, body: Accepting, session: DbSession, principal: SignedIn, record: Recorder
) -> AdoptionShown:
    """Make it the listing of its product: the next sync brings it to what the catalog says."""
    return _decided(
        record,
        lambda: adoption_decisions.accept(session, adoption_id, principal.name, body.product),
    )


@router.post("/{adoption_id}/decline", dependencies=RUN, summary="It is none of ours")
def decline(
    adoption_id: Id, session: DbSession, principal: SignedIn, record: Recorder
) -> AdoptionShown:
    """Say that a listing is none of ours: it is not asked about again."""
    return _decided(
        record, lambda: adoption_decisions.decline(session, adoption_id, principal.name)
    )


def _decided(record: Recorder, decide: Callable[[], Proposal]) -> AdoptionShown:
    try:
        told = shown(decide())
    except LookupError as error:
        raise not_found(str(error)) from error
    except ValueError as error:
        raise conflict("not-to-adopt", str(error)) from error
    record(f"adoption.{told.state}", f"adoption:{told.id}", after=told)
    return told
