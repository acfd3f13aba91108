"""What receivers ask of a sender's domain: SPF, DKIM, DMARC with alignment, a name for the sending server.

RFC 7208 (SPF), 6376 and 8463 (DKIM), 7489 (DMARC), and what Gmail, Yahoo and Microsoft ask of bulk senders
since 2024. Every finding says what the DNS should say instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from ripresa.entrypoints.doctor import spf
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.doctor.organisation import organisation_of
from ripresa.usecases.receiving.asking import Asker, CouldNotAsk

_RESERVED = ("test", "example", "invalid", "localhost", "local")


@dataclass(frozen=True, slots=True)
class Signing:
    """The DKIM key that signs what a domain sends: `record` is what has to stand under `name`."""

    domain: str
    name: str
    record: str


@dataclass(frozen=True, slots=True)
class SenderDomain:
    """A domain that mails come from. `server` is the mail server's host; None: a mail service sends.

    `signing` None: we don't sign; whoever carries the mails has to.
    """

    domain: str
    server: str | None
    signing: Signing | None


def examine_domain(asker: Asker, sender: SenderDomain) -> Iterator[Finding]:
    """A finding for each thing that receivers look at. Never fails because nobody answers."""
    if sender.domain.rpartition(".")[2] in _RESERVED:
        found = f"{sender.domain} is a name for examples: nobody's DNS knows it"
        yield Finding("sender", "ok", found)
        return
    checks: tuple[tuple[str, Callable[[Asker, SenderDomain], Finding]], ...] = (
        ("SPF", _check_spf),
        ("DKIM", _check_dkim),
        ("DMARC", _check_dmarc),
    )
    for name, check in checks:
        try:
            yield check(asker, sender)
        except CouldNotAsk as trouble:
            yield _unasked(name, sender.domain, trouble)


def examine_server(asker: Asker, host: str) -> Finding:
    """Whether the sending server's address has a name that leads back to it."""
    try:
        addresses = _addresses(asker, host)
        if not addresses or any(ip_address(one).is_loopback for one in addresses):
            found = (
                f"{host} hands on what it gets: the address that receivers see is not known here"
            )
            return Finding("PTR", "ok", found)
        nameless = [one for one in addresses if not _is_named_back(asker, one)]
    except CouldNotAsk as trouble:
        return _unasked("PTR", host, trouble)
    if nameless:
        found = f"{nameless[0]} ({host}) has no name that leads back to it"
        advice = (
            f"have whoever owns the address set its PTR record to {host}, if mails leave from it"
        )
        return Finding("PTR", "warn", found, advice)
    return Finding("PTR", "ok", f"{host} and its addresses name each other")


def _check_spf(asker: Asker, sender: SenderDomain) -> Finding:
    domain = sender.domain
    addresses = [] if sender.server is None else _addresses(asker, sender.server)
    if any(ip_address(one).is_loopback for one in addresses):
        addresses = []  # it hands on, and from where is not known here
    match spf.check(asker, domain, addresses):
        case spf.Spf.NONE:
            return Finding("SPF", "warn", f"{domain} has no SPF record", _spf_to_set(sender))
        case spf.Spf.SEVERAL:
            found = f"{domain} has several SPF records: receivers take that for an error"
            return Finding("SPF", "warn", found, "make one TXT record of them")
        case spf.Spf.TOO_LONG:
            found = f"the SPF record of {domain} needs more than {spf.MOST_LOOK_UPS} look-ups"
            return Finding("SPF", "warn", found, "take out what no longer sends, or name addresses")
        case spf.Spf.REFUSED:
            found = f"the SPF record of {domain} does not allow {sender.server}"
            return Finding("SPF", "warn", found, _spf_to_set(sender))
        case spf.Spf.OPEN:
            return Finding("SPF", "ok", f"{domain} has an SPF record")
        case _:
            return Finding("SPF", "ok", f"{domain} allows {sender.server} to send")


def _spf_to_set(sender: SenderDomain) -> str:
    who = f"a:{sender.server}" if sender.server else "include: and the name your mail service gives"
    return f'TXT record of {sender.domain}: "v=spf1 {who} ~all", beside what it already allows'


def _check_dkim(asker: Asker, sender: SenderDomain) -> Finding:
    signing = sender.signing
    if signing is None:
        found = f"Ripresa does not sign what {sender.domain} sends"
        if sender.server is None:
            return Finding("DKIM", "ok", f"{found}: its mail service does")
        advice = "let the mail server sign, or: ripresa dkim make"
        return Finding("DKIM", "warn", found, advice)
    if not _is_aligned(signing.domain, sender.domain):
        found = (
            f"mails of {sender.domain} are signed for {signing.domain}, which is no help to DMARC"
        )
        return Finding("DKIM", "warn", found, f"ripresa dkim make --domain {sender.domain}")
    advice = f'TXT record of {signing.name}: "{signing.record}"'
    records = asker.texts(signing.name)
    if not records:
        return Finding("DKIM", "warn", f"{signing.name} does not exist", advice)
    wanted = _tags(signing.record)["p"]
    if not any(_tags(one).get("p") == wanted for one in records):
        return Finding("DKIM", "warn", f"{signing.name} holds another key than ours", advice)
    return Finding("DKIM", "ok", f"{signing.name} holds our key")


def _check_dmarc(asker: Asker, sender: SenderDomain) -> Finding:
    domain = sender.domain
    place, record = _dmarc_of(asker, domain)
    if record is None:
        advice = (
            f'TXT record of _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
        )
        found = f"{domain} has no DMARC record, which big receivers ask for"
        return Finding("DMARC", "warn", found, advice)
    tags = _tags(record)
    policy = tags.get("p", "")
    if policy not in {"none", "quarantine", "reject"}:
        advice = 'it has to begin with "v=DMARC1; p=none"'
        return Finding("DMARC", "warn", f"the record of {place} has no policy", advice)
    strict = tags.get("adkim") == "s"
    if sender.signing is not None and strict and sender.signing.domain != domain:
        found = (
            f"{place} asks for signatures of {domain} itself, ours are for {sender.signing.domain}"
        )
        return Finding("DMARC", "warn", found, f"ripresa dkim make --domain {domain}")
    return Finding(
        "DMARC", "ok", f"{place} says p={policy}; the sender's address is its own domain"
    )


def _dmarc_of(asker: Asker, domain: str) -> tuple[str, str | None]:
    """The DMARC record that counts for a domain, and where it stands (RFC 7489, 6.6.3).

    Its own, or that of its organisation; what stands in between is not asked for.
    """
    for name in dict.fromkeys((domain, organisation_of(domain))):
        place = f"_dmarc.{name}"
        found = [one for one in asker.texts(place) if one.replace(" ", "").startswith("v=DMARC1")]
        if found:
            return place, found[0]
    return f"_dmarc.{domain}", None


def _is_aligned(signed: str, visible: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1.1): both belong to one organisation."""
    return organisation_of(signed) == organisation_of(visible)


def _is_named_back(asker: Asker, address: str) -> bool:
    return any(address in asker.addresses(name) for name in asker.names_of(address))


def _addresses(asker: Asker, host: str) -> list[str]:
    try:
        return [str(ip_address(host))]
    except ValueError:
        return ["127.0.0.1"] if host == "localhost" else asker.addresses(host)


def _tags(record: str) -> dict[str, str]:
    """`a=b; c=d` as a mapping, without the blanks that may stand in a long key."""
    pairs = (one.partition("=") for one in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _unasked(check: str, about: str, trouble: CouldNotAsk) -> Finding:
    found = f"could not ask about {about}: {trouble}"
    return Finding(check, "ok", found, "run the doctor again where the DNS can be reached")
