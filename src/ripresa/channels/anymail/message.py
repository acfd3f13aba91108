"""A mail of ours as anymail takes it."""

import re
from email.utils import formatdate
from urllib.parse import urlsplit

from anymail.message import AnymailMessage

from ripresa.channels.anymail.events import KEY_FIELD
from ripresa.channels.anymail.service import Service
from ripresa.contracts.channel import Mailbox, OutgoingEmail

TAG = "ripresa"  # tells our mails from others of the same account

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f]{1,64}@[^\s@<>\"(),:;\\\x00-\x1f]{1,255}")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_URL = re.compile(r"https?://[!-;=?-~]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class CannotCompose(ValueError):
    """A value of the mail can stand in no mail; the message says which."""


def anymail_message(mail: OutgoingEmail, service: Service) -> AnymailMessage:
    """The mail with our headers, our key, and no tracking but ours. Raises CannotCompose."""
    message = AnymailMessage(
        subject=_visible(mail.subject),
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
    headers = {
        "Message-ID": f"<{_checked(_MESSAGE_ID, mail.message_id, 'Message-ID')}>",
        "Content-Language": _checked(_LANGUAGE, mail.language, "Content-Language"),
    }
    if service.takes_whole_mails:
        headers["Date"] = formatdate(mail.sent_at_epoch)
    if mail.unsubscribe_url:
        url = _checked(_URL, mail.unsubscribe_url, "unsubscribe address")
        headers["List-Unsubscribe"] = f"<{url}>"
        # RFC 8058 asks for HTTPS; loopback is for trying it out.
        if url.startswith("https:") or urlsplit(url).hostname in _LOOPBACK:
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _mailbox(mailbox: Mailbox) -> str:
    address = _checked(_ADDRESS, mailbox.address, "address")
    name = _visible(mailbox.name).strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{address}>' if name else address


def _visible(text: str) -> str:
    """`text` with one space for every control: a line break in a name must not begin a header."""
    return _CONTROLS.sub(" ", text)


def _checked(pattern: re.Pattern[str], value: str, name: str) -> str:
    if not pattern.fullmatch(value):
        raise CannotCompose(f"{value[:80]!r} cannot be the {name} of a mail")
    return value
