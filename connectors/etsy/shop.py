"""What the shop says of all its listings: read once, and created where it is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.errors import Refused
from connectors.etsy.client import Client, Conflict, Form
from connectors.etsy.inventory import Processing, Variation, processing_of, variations_of
from connectors.etsy.limits import SECTIONS
from connectors.etsy.mapper import Profiles, ShopDefaults
from connectors.etsy.taxonomy import SEPARATOR, categories, find_node
from connectors.protocol import Account, Draft, Issue

# The title of what is created here, by which it is found again.
TITLE = "Trade.ma"
# What a new shipping or return policy says where the channel's settings do not.
_SETTINGS = {
    "shipping_cost": "0.00",
    "shipping_cost_of_another": "0.00",
    "ships_from": "MA",
    "ships_to": "US",
    "origin_postal_code": "",
    "delivery_days": "7-21",
    "return_days": "30",
}


@dataclass
class EtsyShop:
    """One account's shop, each part of it read by the first that needs it.

    Settings of the channel that it heeds: `shipping_profile_id` and `return_policy_id`, where the
    shop has several; `renew=yes`, which lets listings be renewed, for Etsy's fee; and for what it
    creates `shipping_cost`, `shipping_cost_of_another`, `ships_from`, `ships_to`,
    `origin_postal_code`, `delivery_days` and `return_days` (0: no returns).
    """

    client: Client
    account: Account
    _processing: dict[Processing, int] = field(default_factory=dict)
    _properties_by_id: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def renew(self) -> bool:
        """Whether listings may be renewed, at a fee."""
        return self.account.settings.get("renew") == "yes"

    @cached_property
    def id(self) -> int:
        """The shop of whoever the token belongs to."""
        return int(self.client.ask(self.client.get_me)["shop_id"])

    @cached_property
    def profile(self) -> Mapping[str, Any]:
        """The shop's name, currency and languages, the main one first."""
        profile: Mapping[str, Any] = self.client.ask(self.client.get_shop, self.id)
        return profile

    @property
    def language(self) -> str:
        """The language that listings are written in, and translated from."""
        languages = self.profile["languages"]
        return str(languages[0]).partition("-")[0].lower() if languages else ""

    def check_currency(self) -> None:
        """Raise Refused where the channel counts in another currency than the shop."""
        if self.profile["currency_code"] != self.account.currency:
            message = (
                f"The Etsy shop sells in {self.profile['currency_code']}, and this channel in "
                f"{self.account.currency}: add the channel again with the shop's currency"
            )
            raise Refused([Issue("wrong_currency", message, field="price")])

    def defaults(self, draft: Draft) -> ShopDefaults:
        """What the shop says of the draft's words. Raises Refused without a category."""
        return ShopDefaults(self.language, self.taxonomy_id(draft), self.renew)

    def profiles(self, draft: Draft) -> Profiles:
        """What a new listing for `draft`, whose craft has a category, refers to."""
        return Profiles(
            self._shipping_profile_id,
            self._return_policy_id,
            self.readiness_state_id(draft),
            self._section_id(categories()[draft.craft or ""].section),
        )

    def taxonomy_id(self, draft: Draft) -> int:
        """The category of the draft's craft. Raises Refused where Etsy has none like it."""
        category = categories().get(draft.craft or "")
        found = find_node(self._taxonomy, category.path) if category else None
        if category is None or found is None:
            path = SEPARATOR.join(category.path) if category else "a category"
            message = f"Etsy has not {path} for the craft {draft.craft}"
            raise Refused([Issue("no_category", message, field="craft")])
        return found

    @cached_property
    def _taxonomy(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.client.ask(self.client.get_seller_taxonomy_nodes)[
            "results"
        ]
        return nodes

    def variations(self, draft: Draft) -> list[Variation]:
        """The properties that tell the draft's variants apart. Raises Refused as `taxonomy_id`."""
        if not draft.offers[0].options:
            return []
        return variations_of(draft, self._properties(self.taxonomy_id(draft)))

    def _properties(self, taxonomy_id: int) -> list[dict[str, Any]]:
        if taxonomy_id not in self._properties_by_id:
            told = self.client.ask(self.client.get_properties_by_taxonomy_id, taxonomy_id)
            self._properties_by_id[taxonomy_id] = told["results"]
        return self._properties_by_id[taxonomy_id]

    def readiness_state_id(self, draft: Draft) -> int:
        """The processing profile that says how long the draft's piece takes."""
        wanted = processing_of(draft)
        if wanted not in self._processing:
            self._processing[wanted] = self._found_processing(wanted)
        return self._processing[wanted]

    def _found_processing(self, wanted: Processing) -> int:
        for profile in self._processing_profiles:
            if wanted.matches(profile):
                return int(profile["readiness_state_id"])
        create = self.client.create_shop_readiness_state_definition
        try:
            # Of two alike Etsy refuses the second, so that this may be repeated.
            made = self.client.ask(create, self.id, Form(wanted.form()))
        except Conflict as conflict:
            if conflict.existing_id is None:
                raise
            return conflict.existing_id
        return int(made["readiness_state_id"])

    @cached_property
    def _processing_profiles(self) -> list[dict[str, Any]]:
        profiles: list[dict[str, Any]] = self.client.ask(
            self.client.get_shop_readiness_state_definitions, self.id
        )["results"]
        return profiles

    @cached_property
    def _shipping_profile_id(self) -> int:
        if chosen := self.account.settings.get("shipping_profile_id"):
            return int(chosen)
        profiles = self.client.ask(self.client.get_shop_shipping_profiles, self.id)["results"]
        alive = [profile for profile in profiles if not profile["is_deleted"]]
        for profile in sorted(alive, key=lambda one: one["title"] != TITLE):
            return int(profile["shipping_profile_id"])
        made = self.client.create(
            self.client.create_shop_shipping_profile, self.id, Form(self._shipping_form())
        )
        return int(made["shipping_profile_id"])

    def _shipping_form(self) -> dict[str, str]:
        shortest, _, longest = self._setting("delivery_days").partition("-")
        form = {
            "title": TITLE,
            "origin_country_iso": self._setting("ships_from"),
            "origin_postal_code": self._setting("origin_postal_code"),
            "primary_cost": self._setting("shipping_cost"),
            "secondary_cost": self._setting("shipping_cost_of_another"),
            # A new profile has one destination; the seller adds others in the shop.
            "destination_country_iso": self._setting("ships_to"),
            "min_delivery_days": shortest,
            "max_delivery_days": longest or shortest,
        }
        return {name: value for name, value in form.items() if value}

    @cached_property
    def _return_policy_id(self) -> int:
        if chosen := self.account.settings.get("return_policy_id"):
            return int(chosen)
        policies = self.client.ask(self.client.get_shop_return_policies, self.id)["results"]
        if policies:
            return int(policies[0]["return_policy_id"])
        made = self.client.create(
            self.client.create_shop_return_policy, self.id, Form(self._return_form())
        )
        return int(made["return_policy_id"])

    def _return_form(self) -> dict[str, str]:
        days = self._setting("return_days")
        if days == "0":
            return {"accepts_returns": "false", "accepts_exchanges": "false"}
        return {"accepts_returns": "true", "accepts_exchanges": "false", "return_deadline": days}

    def _section_id(self, title: str) -> int | None:
        """The section of that title, made where the shop has room for one more."""
        if title not in self._sections and len(self._sections) < SECTIONS:
            made = self.client.create(
                self.client.create_shop_section, self.id, Form({"title": title})
            )
            self._sections[title] = int(made["shop_section_id"])
        return self._sections.get(title)

    @cached_property
    def _sections(self) -> dict[str, int]:
        sections = self.client.ask(self.client.get_shop_sections, self.id)["results"]
        return {section["title"]: int(section["shop_section_id"]) for section in sections}

    def _setting(self, name: str) -> str:
        return self.account.settings.get(name) or _SETTINGS[name]
