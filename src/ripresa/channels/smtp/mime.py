"""The bytes of a mail: headers, then text and HTML as alternatives.

From RFC 5322 (headers), 2045 and 2046 (MIME), 2369 and 8058 (unsubscribe). Laid out by hand because
`email.message.EmailMessage` takes a core for a millisecond and more a mail; the tests read every
layout back with the standard library. No Auto-Submitted: RFC 3834 means it for automatic answers
and notices, which a reminder from a shop is not.
"""

import binascii
import hashlib
import re
import time
from dataclasses import dataclass
from functools import lru_cache

from ripresa.channels.smtp.addresses import BadAddress, wire_address
from ripresa.channels.smtp.headers import mailbox_header, text_header
from ripresa.contracts.channel import Mailbox, OutgoingEmail
from ripresa.contracts.mails.headers import NotAHeader, own_headers

_BASE64_LINE = 76
# Above this share of bytes that quoted-printable triples, base64 is the shorter of the two.
_BASE64_FROM_ONE_IN = 6

_ASCII = bytes(range(128))
_TRAILING_SPACE = re.compile(rb"=(20|09)\r\n")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class CannotLayOut(ValueError):
    """A value of the mail can stand in no header; the message says which and why."""


@dataclass(frozen=True, slots=True)
class LaidOutMail:
    """A mail as it goes over the wire: envelope and content.

    `content` has CRLF line ends, ends with one, and is not dot-stuffed. `needs_smtputf8` is true
    when an address has letters beyond ASCII before its @ (RFC 6531).
    """

    sender: str
    recipient: str
    content: bytes
    needs_smtputf8: bool


def lay_out(mail: OutgoingEmail) -> LaidOutMail:
    """The same mail gives the same bytes. Raises CannotLayOut."""
    try:
        sender, recipient = wire_address(mail.envelope_from), wire_address(mail.recipient.address)
        addresses, own = _address_headers(mail), own_headers(mail)
    except (BadAddress, NotAHeader) as error:
        raise CannotLayOut(str(error)) from error
    # Neither quoted-printable nor base64 can produce `=_`, so no body can contain the boundary.
    boundary = "=_" + hashlib.sha256(mail.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    head = "".join(
        (
            f"Date: {_date(mail.sent_at_epoch)}\r\n",
            addresses,
            text_header("Subject", mail.subject),
            *(f"{name}: {value}\r\n" for name, value in own.items()),
            "MIME-Version: 1.0\r\n",
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n',
        )
    )
    delimiter = f"--{boundary}".encode()
    content = b"".join(
        (
            head.encode("utf-8"),
            delimiter,
            _part(b"plain", mail.text),
            delimiter,
            _part(b"html", mail.html),
            delimiter,
            b"--\r\n",
        )
    )
    needs_smtputf8 = not (head.isascii() and sender.isascii() and recipient.isascii())
    return LaidOutMail(sender, recipient, content, needs_smtputf8)


def _address_headers(mail: OutgoingEmail) -> str:
    headers = _mailbox("From", mail.sender) + _mailbox("To", mail.recipient)
    return headers if mail.reply_to is None else headers + _mailbox("Reply-To", mail.reply_to)


def _mailbox(name: str, mailbox: Mailbox) -> str:
    return mailbox_header(name, mailbox.name, wire_address(mailbox.address))


@lru_cache(maxsize=64)
def _date(epoch: int) -> str:
    """RFC 5322 3.3, in UTC; the names never follow the machine's language."""
    try:
        at = time.gmtime(epoch)
    except (ValueError, OverflowError, OSError) as error:
        raise CannotLayOut(f"{epoch} seconds is no date a mail can carry") from error
    day = f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year:04}"
    return f"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} +0000"


def _part(kind: bytes, body: str) -> bytes:
    """One alternative, headers and encoded body, between two delimiters."""
    raw = body.encode("utf-8", "replace")
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    raw = raw.replace(b"\n", b"\r\n")
    beyond_ascii = len(raw.translate(None, _ASCII))
    if beyond_ascii * _BASE64_FROM_ONE_IN > len(raw):
        encoding, encoded = b"base64", _base64(raw)
    else:
        encoding, encoded = b"quoted-printable", _quoted_printable(raw)
    return b"".join(
        (
            b"\r\nContent-Type: text/",
            kind,
            b"; charset=utf-8\r\nContent-Transfer-Encoding: ",
            encoding,
            b"\r\n\r\n",
            encoded,
        )
    )


def _base64(raw: bytes) -> bytes:
    text = binascii.b2a_base64(raw, newline=False)
    lines = [text[at : at + _BASE64_LINE] for at in range(0, len(text), _BASE64_LINE)]
    return b"\r\n".join(lines) + b"\r\n"


def _quoted_printable(raw: bytes) -> bytes:
    """RFC 2045 6.7, and kept whole by relays that touch lines beginning with `From `.

    The CRLF at the end belongs to the delimiter that follows. It goes in before encoding because
    b2a_qp chooses its line ends by the first one it meets, and guards the blanks before it.
    """
    encoded = binascii.b2a_qp(raw + b"\r\n")
    if b"=20\r\n" in encoded or b"=09\r\n" in encoded:
        # b2a_qp lets a guarded blank run past column 76; a soft break before it helps.
        encoded = _TRAILING_SPACE.sub(rb"=\r\n=\1\r\n", encoded)
    encoded = b"\n" + encoded
    while b"\nFrom " in encoded:  # again, when the soft break laid bare another one
        encoded = encoded.replace(b"\nFrom ", b"\n=46rom=20=\r\n")
    return encoded[1:]
