"""What products' own words say beyond their fields: accepted or refused by a person."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, Field
from sqlmodel import Session

from catalog.vocabulary.suggest import Suggestion
from jobs import suggestions
from jobs.suggestions import Suggested
from trade_ma.api.access import DbSession, require
from trade_ma.api.bulk import Edited, Edits, edited
from trade_ma.api.paging import Page, Paging, paging
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("suggestions")
Writer = Annotated[Principal, require(Permission.CATALOG_WRITE)]


class SuggestionShown(BaseModel):
    """A value for a field, and the words that say it."""

    field: str = Field(examples=["materials"])
    value: str = Field(examples=["wool"])
    evidence: str
    where: str
    differs: bool = Field(description="The field says something else.")


class ProductSuggestions(BaseModel):
    """A product and what its words say beyond its fields."""

    code: str
    title: str
    revision: int
    suggestions: list[SuggestionShown]


class Chosen(BaseModel):
    """One suggestion."""

    field: Text = Field(max_length=40)
    value: Text = Field(max_length=120)


class Judged(BaseModel):
    """Suggestions of a product as it was seen; without any named, all that differ from nothing."""

    code: Text = Field(max_length=120)
    revision: int = Field(ge=0, le=2**31 - 1)
    suggestions: list[Chosen] = Field(default_factory=list, max_length=100)


def shown(one: Suggested) -> ProductSuggestions:
    """A product's suggestions as they are told."""
    return ProductSuggestions(
        code=one.product.code,
        title=one.product.title,
        revision=one.product.revision,
        suggestions=[_shown(suggestion) for suggestion in one.suggestions],
    )


def _shown(one: Suggestion) -> SuggestionShown:
    return SuggestionShown(
        field=one.field,
        value=str(one.value),
        evidence=one.evidence,
        where=one.where,
        differs=one.differs,
    )


@router.get("", summary="Products of which words say more than fields")
def list_suggestions(
    session: DbSession, principal: Writer, asked: Annotated[Paging, Depends(paging)]
) -> Page[ProductSuggestions]:
    """By code. A page may have fewer products than `limit`, or none, and still a next one."""
    found, follows = suggestions.looked_through(
        session, (asked.cursor or "").replace("\0", ""), asked.limit, principal.maker_id
    )
    return Page(items=[shown(one) for one in found], next=follows)


@router.post("/accept", summary="Write suggestions into products")
def accept_suggestions(
    body: Edits[Judged], session: DbSession, principal: Writer, record: Recorder
) -> Edited[ProductSuggestions]:
    """All products or none. What is answered are the suggestions that are left."""

    def edit(item: Judged) -> ProductSuggestions:
        one, chosen = judged(session, principal, item)
        before = shown(one)
        suggestions.take(one, chosen)
        session.flush()
        record("product.suggestions-accept", f"product:{item.code}", before=before)
        return _left(session, item.code)

    return edited(session, body.items, edit, dry_run=body.dry_run)


@router.post("/refuse", summary="Say that suggestions are wrong")
def refuse_suggestions(
    body: Edits[Judged], session: DbSession, principal: Writer, record: Recorder
) -> Edited[ProductSuggestions]:
    """All products or none; nobody is asked about these again."""

    def edit(item: Judged) -> ProductSuggestions:
        one, chosen = judged(session, principal, item)
        suggestions.refuse(session, one, chosen)
        record("product.suggestions-refuse", f"product:{item.code}", before=shown(one))
        return _left(session, item.code)

    return edited(session, body.items, edit, dry_run=body.dry_run)


def _left(session: Session, code: str) -> ProductSuggestions:
    left: Any = suggestions.of_product(session, code)
    return shown(left)


def judged(
    session: Session, principal: Principal, item: Judged
) -> tuple[Suggested, list[Suggestion]]:
    """The product, and the suggestions that were meant.

    Raises:
        Problem: 404 for another's product, 409 where it changed or does not suggest that.
    """
    one = suggestions.of_product(session, item.code, principal.maker_id)
    if one is None:
        raise not_found(f"There is no product {item.code}.")
    if one.product.revision != item.revision:
        raise conflict("changed-meanwhile", f"{item.code} has changed meanwhile: read it again.")
    if not item.suggestions:
        return one, [each for each in one.suggestions if not each.differs]
    meant = {(each.field, each.value) for each in item.suggestions}
    chosen = [each for each in one.suggestions if (each.field, str(each.value)) in meant]
    if len(chosen) < len(meant):
        raise conflict("no-such-suggestion", f"{item.code} does not suggest that any more.")
    return one, chosen
