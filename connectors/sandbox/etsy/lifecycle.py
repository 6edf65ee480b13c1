"""The states of a listing: draft, active, inactive, sold_out, expired, and what leads to each.

Source: updateListing in Etsy's API description, and the maintainers' answers in the issues 247,
357 and 560 of github.com/etsy/open-api.
"""

from heapq import heappop, heappush

from connectors.sandbox.etsy import rules
from connectors.sandbox.etsy.call import Refusal
from connectors.sandbox.etsy.shop import Listing, Shop, State


def activate(listing: Listing, shop: Shop) -> None:
    """Put a listing on sale; renew it if its time is over. Raises Refusal 400 with what lacks."""
    now = shop.now()
    if listing.state == "active":
        return
    _check_publishable(listing)
    if listing.state == "sold_out":
        _restart_with_one(listing)
    over = listing.state in {"draft", "sold_out", "expired"} or listing.ending <= now
    _run_until(listing, shop, rules.four_months_after(now) if over else listing.ending)
    _enter(listing, "active", now)


def deactivate(listing: Listing, shop: Shop) -> None:
    """Take a listing off sale, to be activated again. Raises Refusal 400 for a draft."""
    if listing.state == "draft":
        raise Refusal(
            400,
            f"Cannot deactivate a listing in this state: state = draft, listing_id = {listing.id}",
        )
    if listing.state != "inactive":
        _enter(listing, "inactive", shop.now())


def settle_stock(listing: Listing, shop: Shop) -> None:
    """End an active listing of which nothing is left."""
    if listing.state == "active" and listing.quantity == 0:
        _enter(listing, "sold_out", shop.now())


def settle_time(shop: Shop) -> None:
    """Renew or end the listings whose four months are over."""
    while shop.endings and shop.endings[0][0] <= shop.now():
        ending, number = heappop(shop.endings)
        listing = shop.listings.get(number)
        # Renewed, ended or deleted since: another entry speaks of it, or none.
        if listing is None or listing.state != "active" or listing.ending != ending:
            continue
        if listing.said["should_auto_renew"]:
            _run_until(listing, shop, rules.four_months_after(ending))
        else:
            _enter(listing, "expired", ending)


def _run_until(listing: Listing, shop: Shop, ending: int) -> None:
    listing.ending = ending
    heappush(shop.endings, (ending, listing.id))


def _enter(listing: Listing, state: State, moment: int) -> None:
    listing.state, listing.state_since, listing.updated = state, moment, moment


def _restart_with_one(listing: Listing) -> None:
    # "Setting a sold_out listing to active will update the quantity to 1": updateListing, state.
    # So the stock is to be set after the activation, not before it.
    for product in listing.products:
        product.quantity = 0
    for product in listing.pools()[0]:
        product.quantity = 1


def _check_publishable(listing: Listing) -> None:
    said = listing.said
    if not listing.images:
        raise Refusal(400, "There was a problem with /images : cannot be less than 1 items")
    if said["type"] != "download":
        for name in ("shipping_profile_id", "return_policy_id"):
            if said[name] is None:
                raise Refusal(400, f"There was a problem with /{name} : cannot be empty")
        if any(product.readiness_state_id is None for product in listing.on_offer):
            raise Refusal(400, "There was a problem with /readiness_state_id : cannot be empty")
    if listing.state != "sold_out" and listing.quantity == 0:
        raise Refusal(400, "There was a problem with /quantity : cannot be empty")
