"""The headers that a mail brings with it, whoever carries it.

From RFC 5322 (Message-ID), 3282 (Content-Language), 2369 and 8058 (unsubscribe).
"""

import re
from urllib.parse import urlsplit

from ripresa.contracts.channel import OutgoingEmail

# A header line must stay below 998 octets (RFC 5322 2.1.1), and these are never folded.
MAX_TOKEN = 900
# Everything some reader might take for the end of a line, and the other controls with it.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_URL = re.compile(r"https?://[!-;=?-~]+")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NotAHeader(ValueError):
    """A value of the mail can stand in no header; the message says which and why."""


def own_headers(mail: OutgoingEmail) -> dict[str, str]:
    """Message-ID, unsubscribing and language, by name. Raises NotAHeader."""
    return {
        "Message-ID": f"<{_checked(_MESSAGE_ID, mail.message_id, 'Message-ID')}>",
        **_unsubscribing(mail.unsubscribe_url),
        "Content-Language": _checked(_LANGUAGE, mail.language, "Content-Language"),
    }


def visible(text: str) -> str:
    """`text` with one space for every control: a line break in a name must not begin a header."""
    return _CONTROLS.sub(" ", text)


def _unsubscribing(url: str) -> dict[str, str]:
    if not url:
        return {}
    headers = {"List-Unsubscribe": f"<{_checked(_URL, url, 'unsubscribe address')}>"}
    # RFC 8058 asks for HTTPS; loopback is for trying it out.
    if url.startswith("https:") or _host(url) in _LOOPBACK:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError as error:
        raise NotAHeader(f"the unsubscribe address {url[:80]!r} is no URL: {error}") from error


def _checked(pattern: re.Pattern[str], value: str, name: str) -> str:
    """`value` as it is: free text is cleaned, but a token that was changed would be broken."""
    if len(value) > MAX_TOKEN or not pattern.fullmatch(value):
        raise NotAHeader(f"{value[:80]!r} cannot be the {name} of a mail")
    return value
