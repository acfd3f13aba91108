"""E-mail addresses as they travel: checked against injection, domains in ASCII.

Syntax from RFC 5321 4.1.2, domains from RFC 5890, other letters before the @ from RFC 6531.
"""

import re
import unicodedata
from functools import lru_cache

from ripresa.contracts.calling.sayings import say

MAX_ADDRESS_BYTES = 254  # RFC 5321 4.5.3.1.3, less the two angle brackets
MAX_LOCAL_BYTES = 64
MAX_LABEL_BYTES = 63

# Dots may stand anywhere before the @: Japanese carriers gave out addresses such as `a..b.@x.jp`.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u0080-\U0010ffff]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
# What people write for a dot in scripts without one (UTS 46 maps them to it).
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LETTERS_AND_MARKS = ("L", "M", "N")


class BadAddress(ValueError):
    """The text is no address that may stand in an envelope or a header."""


def wire_address(text: str) -> str:
    """`text` with its domain in ASCII; only the local part may still hold other letters (RFC 6531).

    Raises BadAddress. Quoted local parts and address literals are refused: no shop's customer has
    one, and each is a way to smuggle syntax into an envelope.
    """
    if len(text) > MAX_ADDRESS_BYTES:
        raise BadAddress(say("{text!r}… is too long for an e-mail address", text=text[:80]))
    local, at, domain = text.rpartition("@")
    if not at:
        raise BadAddress(say("{text!r} is not an e-mail address: it has no @", text=text))
    if not _LOCAL.fullmatch(local) or not _is_visible(local):
        raise BadAddress(
            say("{text!r} is not an e-mail address: look at the part before the @", text=text)
        )
    address = f"{local}@{ascii_domain(domain)}"
    if len(_utf8(local)) > MAX_LOCAL_BYTES or len(_utf8(address)) > MAX_ADDRESS_BYTES:
        raise BadAddress(say("{text!r}… is too long for an e-mail address", text=text[:80]))
    return address


@lru_cache(maxsize=4096)  # half of all people are with a handful of providers
def ascii_domain(domain: str) -> str:
    """`domain` as it stands in DNS: labels with other letters as `xn--…` (RFC 3492).

    Letters are folded to lower case and NFKC, but ß and ς stay themselves as in IDNA 2008: the
    standard library's `idna` codec is IDNA 2003 and would send mail for `straße.de` to
    `strasse.de`, which is someone else's. Joiners, which need rules of their own, are refused.
    Raises BadAddress.
    """
    labels = domain.split(".") if domain.isascii() else _DOTS.split(domain)
    return ".".join(_ascii_label(label, domain) for label in labels)


def _ascii_label(label: str, domain: str) -> str:
    if not label.isascii():
        # Letter by letter: str.lower() would turn a capital sigma at the end of a word into ς.
        folded = "".join(letter.lower() for letter in label)
        label = unicodedata.normalize("NFKC", folded)
    if not label.isascii():
        if any(
            unicodedata.category(sign)[0] not in _LETTERS_AND_MARKS for sign in label if sign != "-"
        ):
            raise BadAddress(
                say(
                    "{domain!r} is not a mail domain: it holds a sign that is no letter",
                    domain=domain,
                )
            )
        label = "xn--" + label.encode("punycode").decode("ascii")
    if not _LABEL.fullmatch(label) or len(label) > MAX_LABEL_BYTES:
        raise BadAddress(say("{domain!r} is not a mail domain", domain=domain))
    return label


def _is_visible(local: str) -> bool:
    """Whether no space, control or unassigned sign hides in a local part that is not ASCII."""
    return local.isascii() or not any(unicodedata.category(sign)[0] in "ZC" for sign in local)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
