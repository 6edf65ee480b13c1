"""Why something cannot be, in the visitor's words: by the codes of our own refusals."""

from collections.abc import Mapping

from markupsafe import Markup

from catalog.refusals import Why, whys
from images.advice import sentence
from images.checks import unreadable
from images.errors import BadPhoto
from trade_ma.console.languages import marked
from trade_ma.console.quotes import quoted
from trade_ma.console.visits import Visit

PRODUCTS: Mapping[str, str] = {
    "maker_nameless": marked("Give the maker a name of letters."),
    "maker_taken": marked("There is a maker %(maker)s already."),
    "product_taken": marked("There is a product %(code)s already: choose another reference."),
    "product_unknown": marked("There is no product %(code)s."),
    "sku_taken": marked("There is a SKU %(sku)s already: choose another."),
    "options_named_apart": marked(
        "All variants of a product name the same choices, in the same order."
    ),
    "options_alike": marked("Two variants have the same choices: a buyer cannot tell them apart."),
    "title_missing": marked("A product needs a title."),
    "craft_unknown": marked("%(craft)s is no craft that we know: choose one of the list."),
    "text_garbled": marked("Some characters of this text are lost: write it again."),
    "price_not_above_zero": marked("The price of %(sku)s would not be above zero."),
    "photos_many": marked("A product has %(most)s photos at most."),
    "photo_shown": marked("The product shows this photo already."),
    "photos_once": marked("Name each photo of the product once."),
}
CHANNELS: Mapping[str, str] = {
    "channel_taken": marked("There is a channel %(code)s already: choose another name."),
    "channel_unknown": marked("There is no channel %(code)s. There are: %(known)s."),
    "channel_used": marked("Something was listed or ordered there already: pause it instead."),
    "credentials_missing": marked("%(market)s asks for more. Still missing: %(names)s."),
    "locale_missing": marked("Name one language at least, such as en-US."),
    "consent_needs": marked("To ask for consent, fill these in first: %(names)s."),
    "consent_none": marked("%(market)s asks for no consent in a browser: enter credentials."),
    "consent_over": marked("You asked for no consent, or it took too long: begin again."),
}
PRICES: Mapping[str, str] = {
    "charm_unfit": marked("No price in %(currency)s can end in %(ending)s."),
    "fees_many": marked("There are at most %(most)s fees: add small ones together."),
    "margin_twice": marked("Give a margin or a multiple, not both."),
    "margin_whole": marked(
        "With a margin of %(margin)s%%, the fees and the tax nothing is left of any price: "
        "lower the margin."
    ),
    "rate_missing": marked("There is no exchange rate of %(currency)s: bring in the rates."),
    "rates_stale": marked(
        "The exchange rate of %(currency)s is %(days)s days old: bring the rates up to date, and "
        "the next pass makes this price."
    ),
    "steps_unsorted": marked("Write the steps of the shipping in rising order of weight."),
    "tax_unknown": marked("No rate of tax is known: set price.tax_percent or price.country."),
}
# By pydantic's kinds of mistakes, of those that a policy can have.
POLICIES: Mapping[str, str] = {
    "policy_bool_type": marked("%(place)s: write yes or no."),
    "policy_decimal_parsing": marked("%(place)s: write a number."),
    "policy_decimal_type": marked("%(place)s: write a number."),
    "policy_dict_type": marked("%(place)s: write names with their values."),
    "policy_enum": marked("%(place)s: write one of %(expected)s."),
    "policy_extra_forbidden": marked("%(place)s: there is no such name."),
    "policy_finite_number": marked("%(place)s: write a number."),
    "policy_greater_than": marked("%(place)s: write more than %(gt)s."),
    "policy_greater_than_equal": marked("%(place)s: write %(ge)s or more."),
    "policy_int_from_float": marked("%(place)s: write a whole number."),
    "policy_int_parsing": marked("%(place)s: write a whole number."),
    "policy_int_type": marked("%(place)s: write a whole number."),
    "policy_less_than": marked("%(place)s: write less than %(lt)s."),
    "policy_less_than_equal": marked("%(place)s: write %(le)s or less."),
    "policy_list_type": marked("%(place)s: write a list."),
    "policy_literal_error": marked("%(place)s: write one of %(expected)s."),
    "policy_missing": marked("%(place)s: this is missing."),
    "policy_string_pattern_mismatch": marked("%(place)s: write two capital letters, such as FR."),
    "policy_string_too_short": marked("%(place)s: write something."),
    "policy_string_type": marked("%(place)s: write words."),
    "policy_too_short": marked("%(place)s: write one at least."),
    "policy_value_error": marked("%(place)s: write a number, or an amount such as 0.30 USD."),
    "policy_unread": marked("This is no JSON object: begin with { and end with }."),
}
PARCELS: Mapping[str, str] = {
    "nothing_to_ship": marked("Nothing of this order is left to ship."),
    "not_on_order": marked("%(sku)s is not on this order."),
    "order_cancelled": marked("The order was cancelled."),
    "order_refunded": marked("The order was refunded."),
    "order_unpaid": marked("The order is not paid yet."),
    "order_unreadable": marked("The order cannot be read: look it up at the marketplace."),
    "order_waits": marked("The marketplace asks to wait with this order."),
    "parcel_told": marked("The parcel %(parcel)s was told to the marketplace already."),
    "units_many": marked("Of %(sku)s so many can be shipped: %(most)s."),
}
ADOPTIONS: Mapping[str, str] = {
    "listed_already": marked("The product is listed on %(channel)s already: %(listing)s."),
    "nothing_alike": marked("Nothing looks like it: say which product it is."),
    "proposal_decided": marked("Somebody decided about this listing before."),
    "proposal_unknown": marked("This listing does not wait for you any more."),
    "sku_strange": marked(
        "%(market)s knows a listing by its SKU, and %(code)s has no %(skus)s: give its variant "
        "that SKU, then take the listing over again."
    ),
}
USERS: Mapping[str, str] = {
    "maker_unknown": marked("There is no such maker any more: choose another."),
    "only_admin": marked("%(name)s is the only administrator: make another one first."),
    "user_maker": marked("Choose a maker for the role of a maker, and none for the others."),
    "user_nameless": marked("A name has 1 to %(longest)s characters, all of which can be seen."),
    "user_taken": marked("There is a user %(name)s already."),
}
WORDS: Mapping[str, str] = {
    **USERS,
    **PRODUCTS,
    **CHANNELS,
    **PRICES,
    **POLICIES,
    **PARCELS,
    **ADOPTIONS,
}


def reason_told(visit: Visit, why: Why) -> str:
    """A reason in the visitor's language; one that nobody gave a code is quoted."""
    words = WORDS.get(why.code)
    return visit.say(words, **why.values) if words else quoted(why.message)


def refusal_told(visit: Visit, error: Exception) -> str:
    """All the reasons of a refusal, and of a photo that cannot be used what to do about it."""
    if isinstance(error, BadPhoto):
        return sentence(unreadable(error), visit.language.code)
    told = [reason_told(visit, why) for why in whys(error)]
    return told[0] if len(told) == 1 else Markup(" ").join(told)


def trouble_told(visit: Visit, why: Why | None) -> str:
    """A reason, or nothing where there is none."""
    return reason_told(visit, why) if why else ""
