"""Product type definitions and listing restrictions, each read once by one connection."""

import json
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from jsonschema.protocols import Validator

from connectors.amazon.client import Definitions, Restrictions, SellerApi
from connectors.amazon.submissions import LISTING, Put, Submission, fit
from connectors.amazon.vocabulary import issues, validator
from connectors.errors import Refused, Unavailable
from connectors.protocol import Issue
from connectors.retry import repeat


@dataclass(frozen=True, slots=True)
class Definition:
    """What one product type asks for, for a set of requirements."""

    properties: frozenset[str]
    checked: Validator

    def complaints(self, put: Put) -> tuple[Issue, ...]:
        """What the definition says against an item."""
        return issues(self.checked, put.attributes, put.sku)


class Library:
    """The definitions and restrictions that one account has asked for so far."""

    def __init__(self, api: SellerApi) -> None:
        self._api = api
        self._definitions: dict[tuple[str, str], Definition] = {}
        self._restrictions: dict[str, tuple[Issue, ...]] = {}

    def fitted(self, submission: Submission) -> Submission:
        """The submission with what its product type knows.

        Raises:
            Refused: Amazon has no such product type in this market.
        """
        return fit(submission, self._definition(submission).properties)

    def complaints(self, submission: Submission) -> tuple[Issue, ...]:
        """What the definition says against a whole item. A patch is judged by Amazon alone."""
        if not isinstance(submission, Put):
            return ()
        return self._definition(submission).complaints(submission)

    def restrictions(self, product_type: str) -> tuple[Issue, ...]:
        """Why this account may not list that product type, by the ASIN that stands for it.

        Amazon restricts ASINs, which a new listing has not yet; the setting `sample_asins`
        (RUG=B0..., LAMP=B0...) names one for each type that is worth asking about.
        """
        samples = dict(_pairs(self._api.account.settings.get("sample_asins", "")))
        if product_type not in self._restrictions:
            asin = samples.get(product_type)
            self._restrictions[product_type] = self._restricted(asin) if asin else ()
        return self._restrictions[product_type]

    def _definition(self, submission: Submission) -> Definition:
        requirements = submission.requirements if isinstance(submission, Put) else LISTING
        name = (submission.product_type, requirements)
        if name not in self._definitions:
            self._definitions[name] = self._fetch(*name)
        return self._definitions[name]

    def _fetch(self, product_type: str, requirements: str) -> Definition:
        try:
            answer = self._api.call(
                "getDefinitionsProductType",
                Definitions,
                lambda client: client.get_definitions_product_type(
                    product_type,
                    sellerId=self._api.seller_id,
                    marketplaceIds=self._api.market.site.remote_id,
                    requirements=requirements,
                    requirementsEnforced="ENFORCED",
                ),
            )
        except Refused as refused:
            site = self._api.market.site.name
            message = f"Amazon {site} has no product type {product_type}: give another craft"
            raise Refused([Issue("no_product_type", message, field="craft")]) from refused
        schema = json.loads(download(self._api, answer.payload["schema"]["link"]["resource"]))
        return Definition(frozenset(schema["properties"]), validator(schema))

    def _restricted(self, asin: str) -> tuple[Issue, ...]:
        answer = self._api.call(
            "getListingsRestrictions",
            Restrictions,
            lambda client: client.get_listings_restrictions(
                asin=asin,
                sellerId=self._api.seller_id,
                marketplaceIds=self._api.market.site.remote_id,
                conditionType="new_new",
            ),
        )
        return tuple(
            Issue(reason.get("reasonCode", "restricted"), _words(reason), field="craft")
            for restriction in answer.payload.get("restrictions", ())
            for reason in restriction.get("reasons", ())
        )


def _words(reason: dict[str, object]) -> str:
    links = reason.get("links")
    where = [link["resource"] for link in links] if isinstance(links, list) else []
    return " ".join([str(reason["message"]), *where])


def _pairs(text: str) -> list[tuple[str, str]]:
    named = (pair.partition("=") for pair in text.split(",") if "=" in pair)
    return [(name.strip(), value.strip()) for name, _, value in named]


def download(api: SellerApi, address: str) -> bytes:
    """A document that Amazon has put at a presigned address.

    Raises:
        Unavailable: it cannot be had.
    """

    def once() -> bytes:
        try:
            answer = api.web.get(address)
        except httpx.TransportError as error:
            raise Unavailable("a document of Amazon's cannot be reached") from error
        if answer.status_code != HTTPStatus.OK:
            raise Unavailable(f"a document of Amazon's answers {answer.status_code}")
        return answer.content

    return repeat(api.account.clock, once)
