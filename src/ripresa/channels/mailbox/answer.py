"""A person's answer: what she wrote herself, and which mail of ours she answers."""

import re
from email.utils import parseaddr

from ripresa.channels.mailbox.addresses import Use, read_own_address
from ripresa.channels.mailbox.reading.addresses import find_address, list_addresses
from ripresa.channels.mailbox.reading.mail import Headers, Mail
from ripresa.contracts.channel import Mailbox

_MOST_LINES = 2000
_MOST_NAMES = 50
_MOST_HOPS = 40  # RFC 5321, section 6.3: more than that, and it goes in a circle
_KEY = re.compile(r"(?<![a-z2-7])[a-z2-7]{30,58}(?![a-z2-7])")
_ID = re.compile(r"([a-z2-7]{30,58})@", re.IGNORECASE)
# What programs put before a quotation: `On …, … wrote:` in the languages of the console and some more.
_WROTE = "wrote|ha scritto|schrieb|a écrit|escribió|schreef|escreveu|a scris|пишет|пише|написала?"
_QUOTES_NEXT = re.compile(rf"\s*.{{0,250}}\b(?:{_WROTE})\b.{{0,80}}:\s*$", re.IGNORECASE)
_SIGNATURE = ("-- ", "--")
_SENT_FROM = re.compile(
    r"^\s*(?:sent from|get outlook|inviato da|gesendet von|envoy[ée] d|trimis de|отправлено с)\b",
    re.IGNORECASE,
)


def own_words(mail: Mail) -> str:
    """What she wrote herself: without quotation and signature."""
    lines: list[str] = []
    for line in mail.text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        if line.rstrip("\r") in _SIGNATURE or _SENT_FROM.match(line[:300]):
            break
        if _QUOTES_NEXT.match(line[:300]):
            break
        if not line.lstrip().startswith(">"):
            lines.append(line.rstrip())
    return "\n".join(lines).strip()


def writer_of(mail: Mail) -> Mailbox:
    """Who wrote it, and where she wants to be answered."""
    name, address = parseaddr(mail.header("from")[:500])
    wanted = find_address(mail.header("reply-to"))
    return Mailbox(" ".join(name.split())[:100], wanted or find_address(address) or "")


def named_keys(recipient: str, mail: Mail, use: Use) -> tuple[str, ...]:
    """Keys of messages that a mail names, not verified, the most telling first.

    By the address of ours that it came to; then, for an answer, by the mails it refers to, and for what
    comes back by the mail that was returned.
    """
    # A mail service may be told to take mail for other names than ours: `reply+<key>@…`.
    found = [_key_of(recipient, use), *_KEY.findall(recipient.partition("@")[0].lower())]
    for name in ("delivered-to", "x-original-to", "envelope-to", "to", "cc"):
        found += _keys_in_addresses(mail.headers, name, use)
    if use is Use.REPLY:
        found += _keys_in_ids(mail.headers, "in-reply-to", "references")
    else:
        found += _keys_in_ids(mail.original, "message-id")
        for name in ("return-path", "reply-to", "errors-to"):
            found += _keys_in_addresses(mail.original, name, None)
        found += _keys_in_ids(mail.headers, "in-reply-to", "references")
    return tuple(dict.fromkeys(key for key in found if key))[:_MOST_NAMES]


def ids_of(mail: Mail) -> tuple[str, ...]:
    """What looks like a key of ours in a mail's own id and those it refers to: to know our own again."""
    return tuple(_keys_in_ids(mail.headers, "message-id", "in-reply-to", "references"))


def goes_in_circles(mail: Mail) -> bool:
    """True for a mail that was passed on more often than any way is long."""
    return len(mail.headers.get("received", ())) > _MOST_HOPS


def _key_of(address: str, use: Use | None) -> str:
    own = read_own_address(address)
    return own.key if own is not None and use in (None, own.use) else ""


def _keys_in_addresses(headers: Headers, name: str, use: Use | None) -> list[str]:
    values = " ".join(headers.get(name, ())[:_MOST_NAMES])
    return [_key_of(address, use) for address in list_addresses(values)]


def _keys_in_ids(headers: Headers, *names: str) -> list[str]:
    values = (value for name in names for value in headers.get(name, ())[:_MOST_NAMES])
    return [key.lower() for value in values for key in _ID.findall(value)]
