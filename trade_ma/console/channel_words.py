"""Why a channel is left alone or in trouble, in the visitor's words."""

from markupsafe import Markup

from jobs.channel_care import BY_HAND
from jobs.channels import AWAITS_CONSENT
from jobs.notifications import APP_REMOVED
from trade_ma.console.languages import marked
from trade_ma.console.quotes import cited, quoted
from trade_ma.console.visits import Visit

# By the reasons that this program itself gives for a pause.
PAUSES = {
    AWAITS_CONSENT: marked("It waits for the owner’s consent: connect it."),
    APP_REMOVED: marked("The shop has removed our app: install it again there, then resume."),
    BY_HAND: marked("Somebody paused it: resume it when you are ready."),
}
LOCKED_OUT = marked("Enter the credentials anew. It says:")
TROUBLED = marked("The next pass tries again by itself. It was told:")


def why_told(visit: Visit, paused: str | None, trouble: str | None) -> str:
    """Why the channel does not work as it should; nothing where it does."""
    if paused in PAUSES:
        return visit.say(PAUSES[paused])
    if paused and paused == trouble:
        return Markup("{} {}").format(visit.say(LOCKED_OUT), quoted(paused))
    if paused:
        return cited(paused)
    return Markup("{} {}").format(visit.say(TROUBLED), quoted(trouble)) if trouble else ""
