"""A mail of ours as anymail takes it."""

import re
from email.utils import formatdate

from anymail.message import AnymailMessage

from ripresa.channels.anymail.events import KEY_FIELD
from ripresa.channels.anymail.service import Service
from ripresa.contracts.channel import Mailbox, OutgoingEmail
from ripresa.contracts.mails.headers import NotAHeader, own_headers, visible

TAG = "ripresa"  # tells our mails from others of the same account

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f]{1,64}@[^\s@<>\"(),:;\\\x00-\x1f]{1,255}")


class CannotCompose(ValueError):
    """A value of the mail can stand in no mail; the message says which."""


def anymail_message(mail: OutgoingEmail, service: Service) -> AnymailMessage:
    """The mail with our headers, our key, and no tracking but ours. Raises CannotCompose."""
    message = AnymailMessage(
        subject=visible(mail.subject),
        body=mail.text,
        from_email=_mailbox(mail.sender),
        to=[_mailbox(mail.recipient)],
        reply_to=None if mail.reply_to is None else [_mailbox(mail.reply_to)],
        headers={
            name: value
            for name, value in _headers(mail, service).items()
            if name.lower() not in service.refuses_headers
        },
        tags=[TAG],
    )
    message.attach_alternative(mail.html, "text/html")
    if service.keeps_metadata:
        message.metadata = {KEY_FIELD: mail.message_key}
    if service.can_leave_links:
        message.track_opens = message.track_clicks = False
    return message


def _headers(mail: OutgoingEmail, service: Service) -> dict[str, str]:
    try:
        headers = own_headers(mail)
    except NotAHeader as wrong:
        raise CannotCompose(str(wrong)) from wrong
    if service.takes_whole_mails:
        headers["Date"] = formatdate(mail.sent_at_epoch)
    return headers


def _mailbox(mailbox: Mailbox) -> str:
    if not _ADDRESS.fullmatch(mailbox.address):
        raise CannotCompose(f"{mailbox.address[:80]!r} cannot be the address of a mail")
    name = visible(mailbox.name).strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{mailbox.address}>' if name else mailbox.address
