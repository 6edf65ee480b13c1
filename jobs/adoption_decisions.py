"""Proposals of adoption, as a person decides them. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.models import Product, Variant
from catalog.refusals import Missing, Refused, because
from connectors.protocol import Remote
from jobs.adoption import take_over
from jobs.drift_models import Adoption, AdoptionState
from jobs.models import Channel


@dataclass(frozen=True, slots=True)
class Proposal:
    """A listing that waits for a person, and the product that it seems to be, if any."""

    adoption: Adoption
    channel: str
    product: Product | None


_PROPOSALS = (
    select(Adoption, Channel.code, Product)
    .join(Channel, col(Channel.id) == col(Adoption.channel_id))
    .outerjoin(Product, col(Product.id) == col(Adoption.product_id))
)


def looked_for(
    channels: Sequence[str] = (), state: AdoptionState = AdoptionState.PROPOSED
) -> SelectOfScalar[Adoption]:
    """The adoptions in that state, of those channels or of all, in no order yet."""
    query = select(Adoption).where(Adoption.state == state)
    if channels:
        codes = select(Channel.id).where(col(Channel.code).in_(channels))
        query = query.where(col(Adoption.channel_id).in_(codes))
    return query


def beside(session: Session, adoptions: Sequence[Adoption]) -> list[Proposal]:
    """These with their channels and the products that they seem to be: one query.

    The caller keeps them to some hundreds.
    """
    wanted = _PROPOSALS.where(col(Adoption.id).in_([one.id for one in adoptions]))
    found = {row[0].id: Proposal(*row) for row in session.exec(wanted)}
    return [found[one.id] for one in adoptions]


def proposals(
    session: Session, channels: Sequence[str] = (), state: AdoptionState = AdoptionState.PROPOSED
) -> list[Proposal]:
    """All adoptions in that state, the likeliest of each channel first."""
    likeliest = (Channel.code, col(Adoption.score).desc(), col(Adoption.id))
    query = _PROPOSALS.where(Adoption.state == state).order_by(*likeliest)
    if channels:
        query = query.where(col(Channel.code).in_(channels))
    return [Proposal(*row) for row in session.exec(query)]


def accept(
    session: Session, adoption_id: int, by: str, product_code: str | None = None
) -> Proposal:
    """Take a proposed listing over for its product, or for the one of that code.

    Raises:
        LookupError: there is no such proposal or product.
        ValueError: it was decided, names no product, or cannot be taken over; the message says.
    """
    adoption, channel = _open(session, adoption_id)
    product = _product(session, adoption, product_code)
    _check_skus(session, adoption, channel, product)
    remote = Remote(adoption.remote_id, adoption.remote.get("parts", {}))
    take_over(session, channel, product.id or 0, remote)
    adoption.product_id = product.id
    adoption.state, adoption.decided_by = AdoptionState.ADOPTED, by
    return Proposal(adoption, channel.code, product)


def decline(session: Session, adoption_id: int, by: str) -> Proposal:
    """Say that a listing is none of ours: it is not asked about again. Raises as `accept` does."""
    adoption, channel = _open(session, adoption_id)
    adoption.state, adoption.decided_by = AdoptionState.DECLINED, by
    return Proposal(adoption, channel.code, None)


def _open(session: Session, adoption_id: int) -> tuple[Adoption, Channel]:
    adoption = session.get(Adoption, adoption_id)
    if adoption is None:
        raise Missing(
            because(
                "proposal_unknown",
                "there is no proposal %(proposal)s: see trade-ma adopt list",
                proposal=adoption_id,
            )
        )
    if adoption.state is not AdoptionState.PROPOSED:
        raise Refused(
            because(
                "proposal_decided",
                "proposal %(proposal)s was %(state)s before",
                proposal=adoption_id,
                state=adoption.state,
            )
        )
    return adoption, session.get_one(Channel, adoption.channel_id)


def _product(session: Session, adoption: Adoption, code: str | None) -> Product:
    if code is not None:
        found = session.exec(select(Product).where(Product.code == code)).first()
        if found is None:
            raise Missing(because("product_unknown", "there is no product '%(code)s'", code=code))
        return found
    if adoption.product_id is None:
        raise Refused(
            because(
                "nothing_alike",
                "nothing looks like '%(title)s': say which product it is",
                title=adoption.title,
            )
        )
    return session.get_one(Product, adoption.product_id)


def _check_skus(session: Session, adoption: Adoption, channel: Channel, product: Product) -> None:
    """Refuse what the next pass would make a second time, under another SKU."""
    if adoption.remote.get("renames_skus", True):
        return
    ours = set(session.exec(select(Variant.sku).where(Variant.product_id == product.id)))
    strangers = [sku for sku in adoption.remote.get("skus", ()) if sku not in ours]
    if strangers:
        raise Refused(
            because(
                "sku_strange",
                "%(market)s knows a listing by its SKU, and %(code)s has no %(skus)s: "
                "give its variant that SKU, then adopt again",
                market=channel.marketplace,
                code=product.code,
                skus=", ".join(strangers),
            )
        )
