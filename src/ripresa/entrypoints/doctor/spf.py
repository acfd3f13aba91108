"""Whether a domain lets a server send in its name: RFC 7208, as far as the question needs it.

Macros and `exists` can't be worked out without a mail, so they leave the answer open.
"""

from enum import StrEnum
from ipaddress import ip_address, ip_network

from ripresa.usecases.receiving.asking import Asker

MOST_LOOK_UPS = (
    10  # RFC 7208 4.6.4: more than these, and receivers take the whole record for an error
)


class Spf(StrEnum):
    """What the record says of a server."""

    NONE = "none"  # there is no record
    SEVERAL = "several"  # more than one: an error for every receiver
    TOO_LONG = "too long"  # it asks for too many look-ups: an error too
    ALLOWED = "allowed"
    OPEN = "open"  # not to be told from here
    REFUSED = "refused"  # nothing in it allows the server


class _TooMany(Exception):
    """The record asks for more look-ups than receivers make."""


class _Walk:
    """One evaluation: counts what receivers would count."""

    def __init__(self, asker: Asker, addresses: list[str]) -> None:
        self.asker = asker
        self.addresses = [ip_address(one) for one in addresses]
        self.look_ups = 0
        self.is_open = False

    def allows(self, domain: str) -> bool:
        """Whether a record lets one of the addresses send. Raises CouldNotAsk, _TooMany."""
        records = records_of(self.asker, domain)
        if len(records) != 1:
            return False
        terms = records[0].split()[1:]
        redirect = next((term[9:] for term in terms if term.lower().startswith("redirect=")), None)
        if any(self._term_allows(term, domain) for term in terms):
            return True
        if redirect is None or any(term.lower().lstrip("+-~?") == "all" for term in terms):
            return False
        self._count()
        return self.allows(redirect)

    def _term_allows(self, term: str, domain: str) -> bool:
        if term[:1] in "-~?":
            return False  # it takes away, and whatever would allow stands before it
        name, _, value = term.removeprefix("+").partition(":")
        if not value and "/" in name:
            name, _, bits = name.partition("/")  # `a/24` means the domain itself
            value = f"/{bits}"
        if "%" in term or name.lower() in {"exists", "ptr"}:
            self.is_open = True
            return False
        match name.lower():
            case "ip4" | "ip6":
                return self._in_network(value)
            case "a" | "mx":
                host, _, bits = value.partition("/")
                return self._host_matches(name, host or domain, bits)
            case "include":
                self._count()
                return self.allows(value)
            case _:
                return name.lower() == "all"

    def _host_matches(self, kind: str, host: str, bits: str) -> bool:
        self._count()
        hosts = [host] if kind.lower() == "a" else self.asker.mail_hosts(host)
        found = [each for one in hosts for each in self.asker.addresses(one)]
        return any(self._in_network(f"{each}/{bits}" if bits.isdigit() else each) for each in found)

    def _in_network(self, text: str) -> bool:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return False
        return any(one.version == network.version and one in network for one in self.addresses)

    def _count(self) -> None:
        self.look_ups += 1
        if self.look_ups > MOST_LOOK_UPS:
            raise _TooMany


def records_of(asker: Asker, domain: str) -> list[str]:
    """The SPF records of a domain; there should be one. Raises CouldNotAsk."""
    return [
        one
        for one in asker.texts(domain)
        if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")
    ]


def check(asker: Asker, domain: str, addresses: list[str]) -> Spf:
    """What the record of `domain` says of a server with these addresses. Raises CouldNotAsk."""
    found = records_of(asker, domain)
    if len(found) != 1:
        return Spf.SEVERAL if found else Spf.NONE
    walk = _Walk(asker, addresses)
    try:
        if walk.allows(domain):
            return Spf.ALLOWED
    except _TooMany:
        return Spf.TOO_LONG
    return Spf.OPEN if walk.is_open or not addresses else Spf.REFUSED
