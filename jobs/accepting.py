"""What a marketplace shows, taken into the catalog: units, prices and words. The caller commits.

Each function says whether it could be taken; where not, nothing was changed.
"""

import copy
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from moneyed import Money
from sqlmodel import Session, col, select

from catalog.importing.rows import LONGEST_TITLE
from catalog.models import MovementKind, Product, Variant
from catalog.money import minor_units, money_from_minor
from catalog.revisions import refresh
from catalog.stock import move
from catalog.translation import memory
from catalog.translation.checks import check
from catalog.translation.detection import language_of
from catalog.translation.models import Segment, TextState, Translation
from catalog.translation.segments import digest, one_segment, split
from connectors.protocol import RemoteListing, Text
from connectors.told import own_words, says_description, says_title
from jobs.models import Channel
from jobs.policies import TextRule, read_channel_policy
from jobs.pricing import money_text
from jobs.reviewing import PERSON
from jobs.texts import maker_names, pair_for, register_these, revise


def accept_stock(
    session: Session,
    shown: Mapping[str, int],
    available: Mapping[str, int],
    *,
    source: str,
) -> bool:
    """Move what makes our ledger agree with the units that a channel shows, by SKU.

    `available` is what the channel has of them by our ledger now. `source` is told but once: a
    movement of the same source and SKU moves nothing again.
    """
    for variant in session.exec(select(Variant).where(col(Variant.sku).in_(shown))):
        units = shown[variant.sku] - available[variant.sku]
        adjustment = MovementKind.ADJUSTMENT
        move(session, variant, units, adjustment, source=source, reference=variant.sku)
    return True


def accept_prices(session: Session, channel: Channel, shown: Mapping[str, str]) -> bool:
    """Fix the prices of those SKUs on the channel ('89.00 USD'); not in another currency."""
    prices = {sku: _money(text) for sku, text in shown.items()}
    if any(price.currency.code != channel.currency for price in prices.values()):
        return False
    row = session.get_one(Channel, channel.id)
    policy = copy.deepcopy(row.policy)
    fixed = policy.setdefault("price", {}).setdefault("fixed", {})
    fixed |= {sku: str(_whole(price).amount) for sku, price in prices.items()}
    row.policy = policy
    return True


def whole_price(text: str) -> str:
    """A price as our drafts write it: to the minor unit of its currency."""
    return money_text(_whole(_money(text)))


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency)


def _whole(money: Money) -> Money:
    return money_from_minor(minor_units(money), money.currency.code)


def accept_words(
    session: Session,
    channel: Channel,
    product_id: int,
    ours: Text,
    shown: RemoteListing,
    now: datetime,
) -> bool:
    """Take the words of a listing that shows `ours` otherwise.

    In the product's own language they become its title and description; in another a reviewed
    translation, sentence by sentence, that passes the checks. The facts that we add to a
    description stay out of it. Not taken where the maker's part of it cannot be told, or where
    the channel shows no translations.
    """
    product = session.get_one(Product, product_id)
    title = None if says_title(shown, ours) else shown.title
    theirs = None
    if shown.description is not None and not says_description(shown, ours):
        theirs = own_words(shown.description, ours.bullets)
    language = language_of(ours.locale)
    if language == product.language:
        taken = _own_words(product, ours, title, theirs, now)
        refresh(session, [product_id] if taken else [])
        return taken
    if read_channel_policy(channel.policy).text is TextRule.COMPOSED:
        return False
    return _translated_words(session, product, ours, title, theirs, now)


def _own_words(
    product: Product, ours: Text, title: str | None, theirs: str | None, now: datetime
) -> bool:
    description = _without_facts(theirs, ours.description, product.description.strip())
    too_long = title is not None and len(title) > LONGEST_TITLE
    if too_long or (theirs is not None and description is None):
        return False
    product.title = title or product.title
    product.description = product.description if description is None else description
    product.revision += 1
    product.updated_at = now
    return True


def _without_facts(theirs: str | None, ours: str, written: str) -> str | None:
    """`theirs` without the facts that we added in `ours` to what was `written`.

    None where there is nothing to take, or where `ours` is not of those words any more.
    """
    if theirs is None or not ours.startswith(written):
        return None
    return theirs.removesuffix(ours.removeprefix(written).strip()).strip()


def _translated_words(
    session: Session,
    product: Product,
    ours: Text,
    title: str | None,
    theirs: str | None,
    now: datetime,
) -> bool:
    language = language_of(ours.locale)
    register_these(session, [product.id or 0])
    said = memory.translations(session, [product.id or 0], [language])
    before = said[product.id or 0, language].description or ""
    description = _without_facts(theirs, ours.description, before.strip())
    if theirs is not None and not description:
        return False
    pairs: dict[str, tuple[str, bool]] = {}
    if title is not None:
        pairs |= dict.fromkeys(one_segment(product.title).texts, (title, True))
    if description is not None:
        sources, targets = split(product.description).texts, split(description).texts
        if len(sources) != len(targets):
            return False
        told = zip(sources, targets, strict=True)
        pairs |= {source: (target, False) for source, target in told}
    return _review(session, product.language, language, pairs, now)


def _review(
    session: Session,
    source_language: str,
    language: str,
    pairs: Mapping[str, tuple[str, bool]],
    now: datetime,
) -> bool:
    """Keep translations as reviewed, all or none: none where one fails a check."""
    names = maker_names(session)
    found: dict[str, list[dict[str, Any]]] = {}
    for source, (target, is_title) in pairs.items():
        pair = pair_for(source_language, language, names, title=is_title)
        findings = check(source, target, pair)
        if any(finding.holds for finding in findings):
            return False
        found[source] = [finding.to_json() for finding in findings]
    segments = _segments(session, source_language, list(pairs))
    for source, (target, _) in pairs.items():
        segment_id = segments[source]
        row = _translation(session, segment_id, language)
        row.text, row.state, row.held, row.engine = target, TextState.REVIEWED, False, PERSON
        row.problems, row.reviewed_at = found[source], now
        session.add(row)
    session.flush()
    revise(session, sorted(segments.values()))
    return bool(pairs)


def _segments(session: Session, language: str, texts: list[str]) -> dict[str, int]:
    names = {digest(language, text): text for text in texts}
    rows = session.exec(select(Segment).where(col(Segment.digest).in_(names)))
    return {names[row.digest]: row.id or 0 for row in rows}


def _translation(session: Session, segment_id: int, language: str) -> Translation:
    known = select(Translation).where(
        Translation.segment_id == segment_id, Translation.language == language
    )
    new = Translation(segment_id=segment_id, language=language, text="", engine=PERSON)
    return session.exec(known).first() or new
