"""Complaints: feedback reports (RFC 5965), and the form of Hotmail, which has no report part."""

import re

from ripresa.channels.mailbox.reading.addresses import find_address, list_addresses
from ripresa.channels.mailbox.reading.mail import Mail
from ripresa.channels.mailbox.reading.values import Action, Heard

_FIELD = re.compile(r"^([A-Za-z-]{1,40})\s*:[ \t]*(.*)$", re.MULTILINE)
_HOTMAIL = re.compile(r"^\s*complaint about message from\b", re.IGNORECASE)
# What a person did. `auth-failure` (RFC 6591) and `not-spam` are no complaints.
_COMPLAINTS = frozenset(
    {"abuse", "fraud", "virus", "miscategorized", "opt-out", "opt-out-list", "other"}
)


def read_complaint(mail: Mail) -> tuple[str, tuple[Heard, ...]] | None:
    """The Feedback-Type and the addresses of those who complained; None: this is no feedback report."""
    fields = _fields(mail.complaint)
    kind = fields.get("feedback-type", [""])[0].strip().lower()
    if not kind and _HOTMAIL.match(mail.header("subject")) and mail.has_original:
        kind = "abuse"
    if not kind:
        return None
    heard = tuple(
        Heard(address, Action.FAILED, permanent=False, status="", reason=None)
        for address in _addresses(mail, fields)
    )
    return kind, heard


def is_complaint(kind: str) -> bool:
    """True for the types by which a person says that she did not want a mail."""
    return kind in _COMPLAINTS


def _fields(text: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(text):
        fields.setdefault(name.lower(), []).append(value)
    return fields


def _addresses(mail: Mail, fields: dict[str, list[str]]) -> list[str]:
    """Those of Original-Rcpt-To and Removal-Recipient; where they are withheld, the original's To."""
    named = [
        address
        for name in ("original-rcpt-to", "removal-recipient")
        for value in fields.get(name, [])[:100]
        if (address := find_address(value))
    ]
    if not named:
        named = [each for value in mail.original.get("to", ()) for each in list_addresses(value)]
    return list(dict.fromkeys(named))[:100]
