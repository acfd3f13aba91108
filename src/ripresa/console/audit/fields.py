"""What values of the audit log are called, and what they say where that is a code."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ripresa.console.connections.reasons import told_reason
from ripresa.console.connections.words import FIELDS as OF_CONNECTIONS
from ripresa.console.layout.badges import CHANNELS, ROLES
from ripresa.console.layout.switches import WORDS as FEATURES
from ripresa.console.settings.retention import KINDS as KEPT

# A brand kit, a pop-up and a provider have names of their own: those stay codes where none stands here.
FIELDS: Mapping[str, Promise | str] = {
    "name": _("Name"),
    "store_url": _("Address of the shop"),
    "address": _("Postal address"),
    "owner_email": _("E-mail of the owner"),
    "help_contact": _("Where people find help"),
    "hosts": _("Hosts of the shop"),
    "currency": _("Currency"),
    "timezone": _("Time zone"),
    "country": _("Country"),
    "language": _("Language"),
    "default_language": _("Language"),
    "abandoned_after": _("Nothing happened for"),
    "expires_after": _("Given up after"),
    "min_gap": _("Least time between two messages"),
    "coupon_gap": _("Least time between two coupons"),
    "max_steps": _("Most steps of a scenario"),
    "ask_after": _("The shop is asked after"),
    "couple_channels": _("E-mail and SMS together"),
    "confirm_consent": _("Ask for a confirmation (double opt-in)"),
    "track_clicks": _("Track clicks"),
    "track_opens": _("Track opens"),
    "window": _("Days before an order that count"),
    "margin": _("Margin in per cent"),
    "opens_earn": _("Opens earn as well"),
    "volume_limit": _("Most messages an hour"),
    "second_factor": _("Second factor"),
    "second_person": _("Second person"),
    "hours": _("Quiet hours"),
    "holidays": _("Holidays"),
    "holiday_channels": _("Channels that rest on holidays"),
    "own_bases": _("Rules of your own"),
    "role": _("Role"),
    "scopes": _("What it may do"),
    "kind": _("Kind"),
    "reason": _("Why"),
    "why": _("Why"),
    "version": _("Version"),
    "include_existing": _("Carts left before as well"),
    "people": _("People"),
    "max_messages": _("Most messages"),
    "max_cost_minor": _("Most cost, in cents"),
    "file": _("The file"),
    "codes": _("Codes"),
    "stages": _("Stages"),
    "channel": _("Channel"),
    "taken_over": _("Handed over"),
    "provider": _("Provider"),
    "platform": _("Platform"),
    "types": _("Events"),
    "url": _("Address"),
    "email": _("E-mail"),
    "reply_to": _("Answers go to"),
    "signing": _("Signing secret"),
    "subject": _("Subject"),
    "enabled": _("Switched on"),
    "ask_phone": _("Asks for the phone number as well"),
    "again_after_days": _("Asks again after days"),
    "words": _("Words"),
    "colours": _("Colours"),
    "logo": _("Logo"),
    "company": _("Company"),
    "consent_email": _("E-mail consent"),
    "consent_sms": _("SMS consent"),
    "consent_letter": _("Letter consent"),
    **KEPT,
    **{name: title for name, (title, _about) in FEATURES.items()},
}
_OF_CONNECTIONS = {name: words.label for (_platform, name), words in OF_CONNECTIONS.items()}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "role": lambda code: str(ROLES.get(code, code)),
    "channel": lambda code: str(CHANNELS.get(code, code)),
    "reason": lambda text: told_reason(text).text,
    "why": lambda text: told_reason(text).text,
    "signing": lambda _code: gettext("turned over"),
}


def field_in_words(name: str) -> str:
    """What a value is called; its bare name where nobody but its provider knows it."""
    return str(FIELDS.get(name) or _OF_CONNECTIONS.get(name, name))


def value_in_words(name: str, value: str) -> str:
    """What a value says."""
    told = _VALUES.get(name)
    return value if told is None else told(value)
