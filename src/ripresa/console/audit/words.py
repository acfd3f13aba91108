"""The audit log's vocabulary in the reader's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.domain.audit.words import About, Action

Words = Promise | str

ACTIONS: dict[str, Words] = {
    Action.CREATED: _("made"),
    Action.CHANGED: _("changed"),
    Action.REMOVED: _("removed"),
    Action.PUBLISHED: _("published"),
    Action.WENT_LIVE: _("went live"),
    Action.PAUSED: _("paused"),
    Action.RESUMED: _("resumed"),
    Action.STARTED: _("started"),
    Action.STOPPED: _("stopped"),
    Action.ENDED: _("ended"),
    Action.SENT: _("sent"),
    Action.TRIED: _("tried"),
    Action.INVITED: _("invited"),
    Action.JOINED: _("joined"),
    Action.REVOKED: _("revoked"),
    Action.ASKED: _("asked for approval"),
    Action.APPROVED: _("approved"),
    Action.REFUSED: _("refused"),
    Action.IMPORTED: _("imported"),
    Action.EXPORTED: _("exported"),
    Action.MERGED: _("merged"),
    Action.SPLIT: _("split"),
    Action.ERASED: _("erased"),
    Action.CONNECTED: _("connected"),
    Action.DISCONNECTED: _("disconnected"),
}
ABOUTS: dict[str, Words] = {
    About.SHOP: _("Shop"),
    About.SENDING: _("All sending"),
    About.MEMBER: _("Member"),
    About.API_KEY: _("API key"),
    About.ACCESS_KEY: _("Key for events"),
    About.SCENARIO: _("Scenario"),
    About.CAMPAIGN: _("Campaign"),
    About.SEGMENT: _("Segment"),
    About.TEMPLATE: _("Text"),
    About.PICTURE: _("Picture"),
    About.COUPONS: _("Coupons"),
    About.SENDER: _("Sender"),
    About.PROVIDER: _("Provider"),
    About.CONNECTION: _("Connection"),
    About.WEBHOOK: _("Webhook"),
    About.POPUP: _("Pop-up"),
    About.SHADOW: _("Shadow mode"),
    About.RETENTION: _("Retention"),
    About.CONSENT: _("Consent"),
    About.TRACKING: _("Tracking"),
    About.FEATURE: _("Feature"),
    About.HOURS: _("Quiet hours"),
    About.LEGAL: _("Legal basis"),
    About.PIPELINE: _("Pipeline"),
    About.AGENT: _("Agent"),
    About.CONTACT: _("Customer"),
    About.SUPPRESSION: _("Suppression"),
    About.FILE: _("File"),
    About.MESSAGE: _("Message"),
    About.CART: _("Cart"),
}
COMMAND_LINE = _("The command line")
PROGRAM = _("Ripresa itself")
EVERY_SHOP = _("of every shop")


def action_in_words(code: str) -> str:
    """What was done; the bare code for one a newer worker wrote."""
    return str(ACTIONS.get(code, code))


def about_in_words(code: str) -> str:
    """What kind of thing; the bare code for one a newer worker wrote."""
    return str(ABOUTS.get(code, code))
