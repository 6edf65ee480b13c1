"""A password that somebody chooses, looked at before it is taken: what is wrong, in their words."""

from collections.abc import Mapping

from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit
from trade_ma.identity import passwords

NOT_THE_SAME = marked("The two passwords are not the same.")
NO_SECRET = marked(
    "Choose another password: %(shortest)s to %(longest)s characters, neither your name nor a few "
    "characters over and over."
)


def wrong_with(visit: Visit, password: str, again: str, name: str) -> Mapping[str, str]:
    """What is wrong with a new password of `name`, by the form's field; nothing where good."""
    try:
        passwords.check(password, name)
    except ValueError:
        limits = {"shortest": str(passwords.SHORTEST), "longest": str(passwords.LONGEST)}
        return {"password": visit.say(NO_SECRET, **limits)}
    return {} if password == again else {"again": visit.say(NOT_THE_SAME)}
