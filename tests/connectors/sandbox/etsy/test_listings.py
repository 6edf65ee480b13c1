from datetime import UTC, datetime

import pytest

from connectors.clock import VirtualClock
from tests.connectors.sandbox.etsy.seller import RUG, Seller


def test_the_same_form_twice_makes_two_drafts(seller: Seller) -> None:
    first, second = seller.draft(), seller.draft()

    drafts = seller.told("GET", f"{seller.shop}/listings", params={"state": "draft"})
    assert [one["listing_id"] for one in drafts["results"]] == [second, first]


def test_a_draft_keeps_what_its_form_said(seller: Seller) -> None:
    listing = seller.told("GET", f"/listings/{seller.draft()}")

    assert {name: listing[name] for name in RUG} == RUG | {
        "price": {"amount": 12_000, "divisor": 100, "currency_code": "USD"},
        "is_supply": False,
        "tags": ["azilal rug", "berber", "wool rug"],
    }


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": "r" * 141}, "There was a problem with /title : cannot be more than 140"),
        ({"title": "Rug 100% wool, 100% yours"}, "There was a problem with /title : may contain %"),
        ({"title": "Rug ★"}, "There was a problem with /title : contains invalid characters: ★"),
        ({"tags": "a tag of more than twenty letters"}, "There was a problem with /tags : cannot"),
        ({"tags": ["one"] * 14}, "There was a problem with /tags : cannot be more than 13 items"),
        ({"tags": "wool,Wool"}, "There was a problem with /tags : You may not have duplicate tags"),
        ({"materials": "wool (sheep)"}, "There was a problem with /materials : contains invalid"),
        ({"price": "0.10"}, "There was a problem with /price : Input should be greater than"),
        ({"quantity": "1000"}, "There was a problem with /quantity : Input should be less than"),
        ({"taxonomy_id": "5"}, "There was a problem with /taxonomy_id : invalid value 5"),
        ({"shipping_profile_id": "5"}, "There was a problem with /shipping_profile_id : invalid"),
    ],
)
def test_a_form_against_the_rules_is_refused(
    seller: Seller, changes: dict[str, str], error: str
) -> None:
    form = seller.form(**changes)
    status, words = seller.refused("POST", f"{seller.shop}/listings", data=form)

    assert (status, words[: len(error)]) == (400, error)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"who_made": "robot"},
            "Invalid value (robot) for enum(i_did, someone_else, collective)",
        ),
        ({"taxonomy_id": "rugs"}, "Expected int value for 'taxonomy_id' (got 'rugs')."),
    ],
)
def test_a_form_that_the_description_forbids_is_refused_in_etsys_words(
    clumsy_seller: Seller, changes: dict[str, str], error: str
) -> None:
    form = clumsy_seller.form(**changes)

    assert clumsy_seller.refused("POST", f"{clumsy_seller.shop}/listings", data=form) == (
        400,
        error,
    )


def test_json_is_no_form(clumsy_seller: Seller) -> None:
    form = clumsy_seller.form()
    refusal = clumsy_seller.refused("POST", f"{clumsy_seller.shop}/listings", json=form)

    fields = "quantity, title, description, price, who_made, when_made, is_supply, taxonomy_id"
    assert refusal == (400, f"Missing input parameter: [{fields}]")


@pytest.mark.parametrize(
    ("lacking", "error"),
    [
        ("images", "There was a problem with /images : cannot be less than 1 items"),
        ("shipping_profile_id", "There was a problem with /shipping_profile_id : cannot be empty"),
        ("return_policy_id", "There was a problem with /return_policy_id : cannot be empty"),
        ("readiness_state_id", "There was a problem with /readiness_state_id : cannot be empty"),
    ],
)
def test_a_draft_goes_on_sale_only_when_nothing_lacks(
    seller: Seller, lacking: str, error: str
) -> None:
    form = {name: value for name, value in seller.form().items() if name != lacking}
    listing = seller.told("POST", f"{seller.shop}/listings", data=form)["listing_id"]
    if lacking != "images":
        seller.add_image(listing)
    address = f"{seller.shop}/listings/{listing}"

    assert seller.refused("PATCH", address, data={"state": "active"}) == (400, error)
    assert seller.state(listing) == ("draft", 3)


def test_a_draft_is_not_taken_off_sale(seller: Seller) -> None:
    listing = seller.draft()
    error = f"Cannot deactivate a listing in this state: state = draft, listing_id = {listing}"
    address = f"{seller.shop}/listings/{listing}"

    assert seller.refused("PATCH", address, data={"state": "inactive"}) == (400, error)


def test_a_listing_goes_on_sale_and_off_again(seller: Seller) -> None:
    listing = seller.publish()
    states = [seller.state(listing)[0]]
    for wanted in ("inactive", "active"):
        seller.change(listing, state=wanted)
        states.append(seller.state(listing)[0])

    assert states == ["active", "inactive", "active"]


def test_a_listing_ends_after_four_months_and_is_renewed_by_activating_it(
    seller: Seller, clock: VirtualClock
) -> None:
    listing = seller.publish()
    clock.sleep((datetime(2027, 3, 24, tzinfo=UTC) - clock.now()).total_seconds())
    seller.headers |= bearer(seller)
    ended = seller.state(listing)
    renewed = seller.change(listing, state="active")

    assert ended == ("expired", 3)
    assert datetime.fromtimestamp(renewed["ending_timestamp"], UTC).date().isoformat() == (
        "2027-07-24"
    )


def test_a_listing_that_renews_itself_stays_on_sale(seller: Seller, clock: VirtualClock) -> None:
    listing = seller.publish(should_auto_renew="true")
    clock.sleep((datetime(2028, 1, 1, tzinfo=UTC) - clock.now()).total_seconds())
    seller.headers |= bearer(seller)

    assert seller.state(listing) == ("active", 3)


def test_who_made_when_made_and_is_supply_are_changed_together(seller: Seller) -> None:
    address = f"{seller.shop}/listings/{seller.draft()}"

    assert seller.refused("PATCH", address, data={"who_made": "i_did"})[0] == 400
    told = seller.told(
        "PATCH",
        address,
        data={"who_made": "i_did", "when_made": "made_to_order", "is_supply": "false"},
    )
    assert (told["who_made"], told["when_made"]) == ("i_did", "made_to_order")


def test_a_change_leaves_alone_what_it_does_not_name(seller: Seller) -> None:
    listing = seller.draft()
    before = seller.told("GET", f"/listings/{listing}")
    after = seller.change(listing, title="Another title")

    assert {name for name in after if after[name] != before[name]} <= {
        "title",
        "updated_timestamp",
        "last_modified_timestamp",
    }


def test_a_deleted_listing_is_gone(seller: Seller) -> None:
    listing = seller.draft()
    seller.told("DELETE", f"/listings/{listing}")

    assert seller.refused("GET", f"/listings/{listing}") == (
        404,
        f"Could not find a Listing with listing_id = {listing}",
    )


def test_pages_show_every_listing_once_with_what_was_asked_for(seller: Seller) -> None:
    made = [seller.publish(sku=f"RUG-{number}") for number in range(5)]
    pages = [
        seller.told(
            "GET",
            f"{seller.shop}/listings",
            params={"limit": 2, "offset": offset, "includes": "Images,Inventory,Translations"},
        )
        for offset in (0, 2, 4)
    ]
    found = [listing for page in pages for listing in page["results"]]

    assert [page["count"] for page in pages] == [5, 5, 5]
    assert [(one["listing_id"], one["skus"], len(one["images"])) for one in found] == [
        (listing, [f"RUG-{number}"], 1) for number, listing in reversed(list(enumerate(made)))
    ]


def test_listings_are_found_by_their_ids(seller: Seller) -> None:
    first, second = seller.draft(), seller.publish()
    ids = f"{first},{second},1"
    batch = seller.told("GET", "/listings/batch", params={"listing_ids": ids})
    active = seller.told("GET", "/listings/active")

    assert [one["listing_id"] for one in batch["results"]] == [first, second]
    assert [one["listing_id"] for one in active["results"]] == [second]


def bearer(seller: Seller) -> dict[str, str]:
    """A fresh token, for one who slept longer than the last one lived."""
    return {"authorization": f"Bearer {seller.market.authority.tokens()['access_token']}"}
