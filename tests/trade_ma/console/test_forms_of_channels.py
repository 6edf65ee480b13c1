"""The policy as a form, and settings without their secrets."""

import pytest
from pydantic import SecretStr

from trade_ma.console import policy_form
from trade_ma.console.pages.settings import shown
from trade_ma.settings import Settings


def test_a_policy_that_is_shown_and_sent_back_says_the_same() -> None:
    policy = {"price": {"margin": "20", "floor": "5"}, "drift": {"text": "accept"}}
    filled = policy_form.filled(policy, policy_form.shown(policy))
    assert filled == {
        "buffer": 0,
        "last_unit": "show",
        "text": "reviewed",
        "price": {"margin": "20", "floor": "5", "charm": "auto"},
        "drift": {
            "price": "overwrite",
            "stock": "overwrite",
            "presence": "overwrite",
            "text": "accept",
            "images": "report",
        },
    }
    assert policy == {"price": {"margin": "20", "floor": "5"}, "drift": {"text": "accept"}}


def test_endings_of_prices_stand_with_commas_between() -> None:
    filled = policy_form.filled({}, {"charm": "0.99, 0.50"})
    assert filled == {"price": {"charm": ["0.99", "0.50"]}}
    assert policy_form.shown(filled)["charm"] == "0.99, 0.50"


@pytest.mark.parametrize("text", ["[]", "7", "{", '"buffer"'])
def test_what_is_no_json_object_is_no_policy(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        policy_form.from_json(text)


def test_no_secret_and_no_password_in_an_address_is_shown() -> None:
    settings = Settings.model_construct(
        key=SecretStr("sesame"),
        database_url="postgresql://shop:sesame@db.example/shop",
        orders_every=60,
    )
    told = {one.variable: one.value for one in shown(settings)}
    assert "sesame" not in str(told)
    assert told["TRADE_MA_DATABASE_URL"] == "postgresql://***@db.example/shop"
    assert told["TRADE_MA_ORDERS_EVERY"] == "60"
