"""What receivers ask of a sender's domain: SPF, DKIM, DMARC with alignment, a name for the sending server.

RFC 7208 (SPF), 6376 and 8463 (DKIM), 7489 (DMARC), and what Gmail, Yahoo and Microsoft ask of bulk senders
since 2024. Every finding says what the DNS should say instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from ripresa.contracts.calling.sayings import say
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
        found = say("{domain} is a name for examples: nobody's DNS knows it", domain=sender.domain)
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
            found = say("{domain} has no SPF record", domain=domain)
            return Finding("SPF", "warn", found, _spf_to_set(sender))
        case spf.Spf.SEVERAL:
            found = say(
                "{domain} has several SPF records: receivers take that for an error", domain=domain
            )
            return Finding("SPF", "warn", found, say("make one TXT record of them"))
        case spf.Spf.TOO_LONG:
            found = say(
                "the SPF record of {domain} needs more than {most} look-ups",
                domain=domain,
                most=spf.MOST_LOOK_UPS,
            )
            advice = say("take out what no longer sends, or name addresses")
            return Finding("SPF", "warn", found, advice)
        case spf.Spf.REFUSED:
            found = say(
                "the SPF record of {domain} does not allow {server}",
                domain=domain,
                server=sender.server,
            )
            return Finding("SPF", "warn", found, _spf_to_set(sender))
        case spf.Spf.OPEN:
            return Finding("SPF", "ok", say("{domain} has an SPF record", domain=domain))
        case _:
            found = say("{domain} allows {server} to send", domain=domain, server=sender.server)
            return Finding("SPF", "ok", found)


def _spf_to_set(sender: SenderDomain) -> str:
    if sender.server:
        return say(
            'TXT record of {domain}: "v=spf1 a:{server} ~all", beside what it already allows',
            domain=sender.domain,
            server=sender.server,
        )
    return say(
        'TXT record of {domain}: "v=spf1 include: and the name your mail service gives ~all", beside what '
        "it already allows",
        domain=sender.domain,
    )


def _check_dkim(asker: Asker, sender: SenderDomain) -> Finding:
    signing = sender.signing
    if signing is None:
        if sender.server is None:
            found = say(
                "Ripresa does not sign what {domain} sends: its mail service does",
                domain=sender.domain,
            )
            return Finding("DKIM", "ok", found)
        found = say("Ripresa does not sign what {domain} sends", domain=sender.domain)
        advice = say("let the mail server sign, or: ripresa dkim make")
        return Finding("DKIM", "warn", found, advice)
    if not _is_aligned(signing.domain, sender.domain):
        found = say(
            "mails of {domain} are signed for {signed}, which is no help to DMARC",
            domain=sender.domain,
            signed=signing.domain,
        )
        return Finding("DKIM", "warn", found, f"ripresa dkim make --domain {sender.domain}")
    to_set = _record_to_set(signing.name, signing.record)
    records = asker.texts(signing.name)
    if not records:
        return Finding("DKIM", "warn", say("{name} does not exist", name=signing.name), to_set)
    wanted = _tags(signing.record)["p"]
    if not any(_tags(one).get("p") == wanted for one in records):
        found = say("{name} holds another key than ours", name=signing.name)
        return Finding("DKIM", "warn", found, to_set)
    return Finding("DKIM", "ok", say("{name} holds our key", name=signing.name))


def _record_to_set(name: str, record: str) -> str:
    return say('TXT record of {name}: "{record}"', name=name, record=record)


def _check_dmarc(asker: Asker, sender: SenderDomain) -> Finding:
    domain = sender.domain
    place, record = _dmarc_of(asker, domain)
    if record is None:
        wanted = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
        advice = _record_to_set(f"_dmarc.{domain}", wanted)
        found = say("{domain} has no DMARC record, which big receivers ask for", domain=domain)
        return Finding("DMARC", "warn", found, advice)
    tags = _tags(record)
    policy = tags.get("p", "")
    if policy not in {"none", "quarantine", "reject"}:
        advice = say('it has to begin with "v=DMARC1; p=none"')
        found = say("the record of {place} has no policy", place=place)
        return Finding("DMARC", "warn", found, advice)
    strict = tags.get("adkim") == "s"
    if sender.signing is not None and strict and sender.signing.domain != domain:
        found = say(
            "{place} asks for signatures of {domain} itself, ours are for {signed}",
            place=place,
            domain=domain,
            signed=sender.signing.domain,
        )
        return Finding("DMARC", "warn", found, f"ripresa dkim make --domain {domain}")
    found = say(
        "{place} says p={policy}; the sender's address is its own domain",
        place=place,
        policy=policy,
    )
    return Finding("DMARC", "ok", found)


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
    found = say("could not ask about {about}: {why}", about=about, why=str(trouble))
    advice = say("run the doctor again where the DNS can be reached")
    return Finding(check, "ok", found, advice)
