"""Amounts of money as the numbers of JSON, exactly."""

from babel.numbers import get_currency_precision
from moneyed import Money


def json_number(money: Money) -> int | float:
    """The amount of `money`: whole where its currency has no minor unit, such as the yen.

    JSON has no decimal; the shortest float of an amount is that amount, up to fifteen digits.

    Raises:
        ValueError: the amount has more digits than its currency or a JSON number holds.
    """
    amount, currency = money.amount, money.currency.code
    number = float(amount) if get_currency_precision(currency) else int(amount)
    if str(money.amount.normalize()) != str(type(amount)(repr(number)).normalize()):
        raise ValueError(f"{amount} {currency} cannot be written exactly")
    return number
