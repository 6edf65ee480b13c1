"""Translations of what has words, registered against the digest of the words they translate."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from connectors.sandbox.shopify.pages import Connection
from connectors.sandbox.shopify.shop import LOCALES, PRIMARY_LOCALE, Market
from connectors.sandbox.shopify.store import Call, Store, error
from connectors.shopify.limits import LIST_SIZE


@dataclass(frozen=True, slots=True)
class Translation:
    """The words of one key in another language."""

    key: str
    locale: str
    value: str
    digest: str
    updated_at: datetime
    outdated: bool = False
    market: Market | None = None


@dataclass(eq=False, kw_only=True)
class Translated:
    """Something with words. `registered` holds its translations by locale, market and key."""

    registered: dict[tuple[str, str | None, str], Translation] = field(default_factory=dict)

    def translatable(self) -> dict[str, str]:
        """Its words by key, in the shop's primary language."""
        raise NotImplementedError

    def translations(self, _call: Call, args: Mapping[str, Any]) -> list[Translation]:
        """What is registered for a locale, of words that are still there.

        It is outdated where the words have changed since.
        """
        wanted, words = (args["locale"], args.get("marketId")), self.translatable()
        found = [
            replace(translation, outdated=translation.digest != digest(words[key]))
            for (locale, market, key), translation in self.registered.items()
            if (locale, market) == wanted and key in words
        ]
        asked = args.get("outdated")
        return [translation for translation in found if asked in {None, translation.outdated}]


@dataclass(frozen=True, slots=True)
class TranslatableResource:
    """The translatable side of an object."""

    resource_id: str
    resource: Translated

    def translatable_content(self, _call: Call, _args: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Its words, each with the digest that a translation must name."""
        return [
            {
                "key": key,
                "value": value,
                "digest": digest(value),
                "locale": PRIMARY_LOCALE,
                "type": "HTML" if key == "body_html" else "SINGLE_LINE_TEXT_FIELD",
            }
            for key, value in self.resource.translatable().items()
            if value
        ]

    def translations(self, call: Call, args: Mapping[str, Any]) -> list[Translation]:
        """What is registered for a locale."""
        return self.resource.translations(call, args)


def digest(value: str) -> str:
    """The name of these very words."""
    return hashlib.sha256(value.encode()).hexdigest()


def _resource(store: Store, gid: str) -> TranslatableResource | None:
    found = store.node(gid)
    return TranslatableResource(gid, found) if isinstance(found, Translated) else None


def _translatable_resource(call: Call, args: Mapping[str, Any]) -> TranslatableResource | None:
    return _resource(call.store, args["resourceId"])


def _translatable_resources(call: Call, args: Mapping[str, Any]) -> Connection:
    found = [_resource(call.store, gid) for gid in args["resourceIds"]]
    return call.root_page([resource for resource in found if resource], args)


def _register(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    resource = _resource(call.store, args["resourceId"])
    if resource is None:
        return _answer(errors=[_unknown(args["resourceId"])])
    given = args["translations"]
    if len(given) > LIST_SIZE:
        message = f"Too many translation keys for the resource, at most {LIST_SIZE} are allowed"
        return _answer(errors=[error("TOO_MANY_KEYS_FOR_RESOURCE", message, "translations")])
    errors = [fault for place, one in enumerate(given) if (fault := _fault(resource, one, place))]
    if errors:
        return _answer(errors=errors)
    registered = [_kept(call, resource.resource, one) for one in given]
    return _answer(registered)


def _kept(call: Call, resource: Translated, given: Mapping[str, Any]) -> Translation:
    translation = Translation(
        key=given["key"],
        locale=given["locale"],
        value=given["value"],
        digest=given["translatableContentDigest"],
        updated_at=call.now,
        market=call.store.find(Market, given.get("marketId")),
    )
    place = translation.locale, given.get("marketId"), translation.key
    resource.registered[place] = translation
    return translation


def _fault(
    resource: TranslatableResource, given: Mapping[str, Any], place: int
) -> dict[str, Any] | None:
    words = resource.resource.translatable()
    key, locale = given["key"], given["locale"]
    if key not in words:
        message = f"Key {key} is not a valid translatable field"
        return error("INVALID_KEY_FOR_MODEL", message, "translations", place, "key")
    if locale == PRIMARY_LOCALE:
        message = "Locale cannot be the same as the shop's primary locale"
        return error("INVALID_LOCALE_FOR_SHOP", message, "translations", place, "locale")
    if locale not in LOCALES:
        message = "Locale is not a valid locale for the shop"
        return error("INVALID_LOCALE_FOR_SHOP", message, "translations", place, "locale")
    if not given["value"].strip():
        return error("BLANK", "Value can't be blank", "translations", place, "value")
    if given["translatableContentDigest"] != digest(words[key]):
        message = "Translatable content hash is invalid"
        path = "translations", place, "translatableContentDigest"
        return error("INVALID_TRANSLATABLE_CONTENT", message, *path)
    return None


def _remove(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    resource = _resource(call.store, args["resourceId"])
    if resource is None:
        return _answer(errors=[_unknown(args["resourceId"])])
    registered = resource.resource.registered
    gone = [
        registered.pop(place)
        for place in list(registered)
        if place[0] in args["locales"] and place[2] in args["translationKeys"]
    ]
    return _answer(gone)


def _unknown(gid: str) -> dict[str, Any]:
    return error("RESOURCE_NOT_FOUND", f"Resource {gid} does not exist", "resourceId")


def _answer(
    translations: list[Translation] | None = None, errors: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    return {"translations": translations, "user_errors": errors or []}


QUERIES = {
    "translatable_resource": _translatable_resource,
    "translatable_resources_by_ids": _translatable_resources,
}
MUTATIONS = {"translations_register": _register, "translations_remove": _remove}
