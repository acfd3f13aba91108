"""States as people read them: a word and a colour, never a colour alone (CUS-2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` names a colour of console.css: grey, green, blue, amber, red or plain."""

    text: Promise | str
    tone: str


CART = {
    "open": Badge(_("Open"), "blue"),
    "abandoned": Badge(_("Abandoned"), "grey"),
    "recovered": Badge(_("Recovered"), "green"),
    "ordered": Badge(_("Ordered"), "plain"),
    "closed": Badge(_("Closed"), "plain"),
    "emptied": Badge(_("Emptied"), "plain"),
    "expired": Badge(_("Expired"), "plain"),
}
MESSAGE = {
    "planned": Badge(_("Planned"), "blue"),
    "sending": Badge(_("Being sent"), "blue"),
    "sent": Badge(_("Sent"), "green"),
    "skipped": Badge(_("Not sent"), "plain"),
    "cancelled": Badge(_("Cancelled"), "plain"),
    "failed": Badge(_("Failed"), "red"),
    "unknown": Badge(_("Unknown"), "amber"),
    "held": Badge(_("Held"), "amber"),
}
SCENARIO = {
    "draft": Badge(_("Draft"), "grey"),
    "live": Badge(_("Live"), "green"),
    "paused": Badge(_("Paused"), "amber"),
    "ended": Badge(_("Ended"), "plain"),
}
CAMPAIGN = {
    **SCENARIO,
    "live": Badge(_("Running"), "green"),
    "scheduled": Badge(_("Scheduled"), "blue"),
}
CONSENT = {
    "granted": Badge(_("Granted"), "green"),
    "denied": Badge(_("Denied"), "red"),
    "pending": Badge(_("Waits for confirmation"), "amber"),
    "unknown": Badge(_("Unknown"), "plain"),
}
FAMILIES = {
    "cart": CART,
    "message": MESSAGE,
    "scenario": SCENARIO,
    "campaign": CAMPAIGN,
    "consent": CONSENT,
}

KINDS = {"cart": _("Cart"), "checkout": _("Checkout")}
CHANNELS = {"email": _("E-mail"), "sms": _("SMS"), "letter": _("Letter"), "agent": _("Agent")}
# What texts are called that everybody has; a shop's own go by their names.
TEMPLATES: Mapping[str, Promise | str] = {
    "reminder": _("Reminder with the cart"),
    "second_reminder": _("Second reminder with the cart"),
    "last_reminder": _("Last reminder with the cart"),
    "agent_reminder": _("Letter from the customer's agent"),
    "thank_you": _("Thank you"),
    "agent_notice": _("Notice to the agent"),
}
CAUSES = {
    "agent": _("Agent"),
    "coupon": _("Coupon"),
    "link": _("Link in a message"),
    "own": _("By itself"),
}
# How an order came about that stays out of the figures.
ORIGINS = {
    "draft": _("draft order"),
    "renewal": _("renewal"),
    "staff": _("staff order"),
}
STOPS = {
    "manual": _("by hand"),
    "unsubscribed": _("unsubscribed"),
    "complaint": _("complaint"),
    "hard_bounce": _("the mailbox does not exist"),
}
ROLES = {
    "owner": _("Owner"),
    "marketer": _("Marketer"),
    "agent": _("Agent"),
    "viewer": _("Viewer"),
}


def badge(family: str, state: str) -> Badge:
    """The badge of a state; an unknown one shows its bare name."""
    return FAMILIES[family].get(state, Badge(state, "plain"))
