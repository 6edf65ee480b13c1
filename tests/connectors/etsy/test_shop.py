"""What the shop says of its listings: found where it is, made where it is missing."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from connectors.etsy.connector import EtsyConnector
from connectors.etsy.shop import EtsyShop
from connectors.protocol import Draft
from connectors.sandbox.etsy.shop import Shop
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.etsy.conftest import Stall


@pytest.fixture
def connector(stall: Stall) -> Iterator[EtsyConnector]:
    with closing(stall.connect()) as connector:
        yield connector


@pytest.fixture
def shop(connector: EtsyConnector) -> EtsyShop:
    return connector._shop


@pytest.fixture
def etsy(stall: Stall) -> Shop:
    """The shop as Etsy has it."""
    return stall.market.shop


def only(things: dict[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    [(number, thing)] = things.items()
    return number, thing


def test_a_new_shop_gets_profiles_as_the_channel_says(
    stall: Stall, shop: EtsyShop, etsy: Shop, rug: Draft
) -> None:
    stall.settings |= {
        "ships_to": "FR",
        "shipping_cost": "25.00",
        "shipping_cost_of_another": "10.00",
        "delivery_days": "3-9",
        "return_days": "14",
    }
    profiles = shop.profiles(rug)
    number, shipping = only(etsy.shipping_profiles)
    [destination] = shipping["shipping_profile_destinations"]
    told = ("origin_country_iso", "destination_country_iso", "min_delivery_days")
    assert [destination[name] for name in told] == ["MA", "FR", 3]
    costs = [destination[name]["amount"] for name in ("primary_cost", "secondary_cost")]
    assert (costs, destination["max_delivery_days"]) == ([2500, 1000], 9)
    assert profiles.shipping_profile_id == number

    policy, returns = only(etsy.return_policies)
    assert (returns["accepts_returns"], returns["return_deadline"]) == (True, 14)
    assert profiles.return_policy_id == policy

    state, readiness = only(etsy.readiness_states)
    assert (readiness["readiness_state"], readiness["max_processing_days"]) == ("ready_to_ship", 3)
    assert profiles.readiness_state_id == state

    section, shown = only(etsy.sections)
    assert (shown["title"], profiles.shop_section_id) == ("Rugs", section)


def test_a_seller_who_takes_nothing_back_says_so(
    stall: Stall, shop: EtsyShop, etsy: Shop, rug: Draft
) -> None:
    stall.settings["return_days"] = "0"
    shop.profiles(rug)
    _, policy = only(etsy.return_policies)
    assert (policy["accepts_returns"], policy["return_deadline"]) == (False, None)


def test_what_the_seller_has_is_used_and_ours_before_others(
    stall: Stall, shop: EtsyShop, etsy: Shop, rug: Draft
) -> None:
    first = shop.profiles(rug)
    theirs = etsy.shipping_profiles[first.shipping_profile_id] | {"title": "Post"}
    etsy.shipping_profiles = {7: theirs | {"shipping_profile_id": 7}, **etsy.shipping_profiles}
    with closing(stall.connect()) as another:
        assert another._shop.profiles(rug) == first
    etsy.shipping_profiles[first.shipping_profile_id]["is_deleted"] = True
    with closing(stall.connect()) as another:
        assert another._shop.profiles(rug).shipping_profile_id == 7


def test_a_channel_may_choose_among_several(stall: Stall, shop: EtsyShop, rug: Draft) -> None:
    stall.settings |= {"shipping_profile_id": "71", "return_policy_id": "72"}
    profiles = shop.profiles(rug)
    assert (profiles.shipping_profile_id, profiles.return_policy_id) == (71, 72)
    assert not {"createShopShippingProfile", "createShopReturnPolicy"} & shop.client.calls.keys()


def test_a_processing_profile_whose_answer_was_lost_is_found(
    stall: Stall, shop: EtsyShop, etsy: Shop, rug: Draft
) -> None:
    made = "createShopReadinessStateDefinition"
    stall.market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation=made))
    number = shop.readiness_state_id(rug)
    assert list(etsy.readiness_states) == [number]


def test_weeks_of_work_are_found_again(
    stall: Stall, shop: EtsyShop, etsy: Shop, babouches: Draft
) -> None:
    number = shop.readiness_state_id(babouches)
    assert etsy.readiness_states[number]["max_processing_days"] == 10
    with closing(stall.connect()) as another:
        assert another._shop.readiness_state_id(babouches) == number
        assert another.calls["createShopReadinessStateDefinition"] == 0


def test_a_shop_with_all_its_sections_gets_no_more(shop: EtsyShop, etsy: Shop, rug: Draft) -> None:
    for number in range(1, 21):
        etsy.sections[number] = {
            "shop_section_id": number,
            "title": f"Section {number}",
            "rank": number,
            "user_id": 1,
            "active_listing_count": 0,
        }
    assert shop.profiles(rug).shop_section_id is None


def test_a_category_is_told_by_the_shop_and_not_known_by_heart(
    shop: EtsyShop, rug: Draft, babouches: Draft
) -> None:
    drafts = [rug, babouches, replace(rug, craft="jewellery")]
    ids = [shop.taxonomy_id(draft) for draft in drafts]
    nodes: list[dict[str, Any]] = list(shop._taxonomy)
    named = {}
    while nodes:
        node = nodes.pop()
        named[node["id"]] = node["name"]
        nodes += node["children"]
    assert [named[number] for number in ids] == ["Rugs", "Slippers", "Jewelry"]
    assert shop.client.calls["getSellerTaxonomyNodes"] == 1
