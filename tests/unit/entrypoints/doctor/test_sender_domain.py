"""What the doctor makes of a sender's domain, asked of a real DNS server on loopback."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ripresa.channels.smtp.dkim import Signer
from ripresa.entrypoints.doctor.organisation import organisation_of
from ripresa.entrypoints.doctor.sender_domain import (
    SenderDomain,
    Signing,
    examine_domain,
    examine_server,
)
from ripresa.usecases.receiving.asking import ALL_QUESTIONS_SECONDS, Asker, CouldNotAsk
from tests.name_server import NameServer

SIGNER = Signer("bottega.it", "r1", Ed25519PrivateKey.generate())
SIGNING = Signing(SIGNER.domain, SIGNER.record_name, SIGNER.record)
SENDER = SenderDomain("bottega.it", "mail.bottega.it", SIGNING)
GOOD = {
    ("bottega.it", "TXT"): ['"unrelated=1"', '"v=spf1 a:mail.bottega.it ~all"'],
    ("mail.bottega.it", "A"): ["192.0.2.7"],
    ("r1._domainkey.bottega.it", "TXT"): [f'"{SIGNER.record}"'],
    ("_dmarc.bottega.it", "TXT"): ['"v=DMARC1; p=none"'],
    ("7.2.0.192.in-addr.arpa", "PTR"): ["mail.bottega.it."],
}


def findings(zone, sender=SENDER):
    with NameServer(zone) as server:
        return {one.check: one for one in examine_domain(Asker(server.address), sender)}


def test_a_domain_in_order_has_nothing_to_be_mended():
    found = findings(GOOD)
    assert [one.level for one in found.values()] == ["ok"] * 3
    assert list(found) == ["SPF", "DKIM", "DMARC"]


def test_a_bare_domain_is_told_what_to_put_there():
    found = findings({("bottega.it", "MX"): ["10 mail.bottega.it."]})
    assert [one.level for one in found.values()] == ["warn"] * 3
    assert '"v=spf1 a:mail.bottega.it ~all"' in found["SPF"].advice
    assert SIGNER.record in found["DKIM"].advice
    assert "r1._domainkey.bottega.it" in found["DKIM"].advice
    assert '_dmarc.bottega.it: "v=DMARC1; p=none' in found["DMARC"].advice


@pytest.mark.parametrize(
    ("record", "level"),
    [
        ("v=spf1 ip4:192.0.2.7 -all", "ok"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "ok"),
        ("v=spf1 +a:mail.bottega.it -all", "ok"),
        ("v=spf1 mx -all", "ok"),
        ("v=spf1 include:other.it ~all", "ok"),
        ("v=spf1 redirect=other.it", "ok"),
        ("v=spf1 exists:%{i}.spf.it -all", "ok"),
        ("V=SPF1 IP4:192.0.2.7 -ALL", "ok"),
        ("v=spf1 ip4:192.0.2.8 -all", "warn"),
        ("v=spf1 ip6:2001:db8::/32 -all", "warn"),
        ("v=spf1 -ip4:192.0.2.7 ~all", "warn"),
        ("v=spf1 a -all", "warn"),
        ("v=spf1 include:nobody.it -all", "warn"),
        ("v=spf1 ip4:nonsense -all", "warn"),
        ("v=spf1 include:bottega.it -all", "warn"),
        ("v=spf10 ip4:192.0.2.7", "warn"),
    ],
)
def test_spf_by_the_rules_of_rfc_7208(record, level):
    zone = GOOD | {
        ("bottega.it", "TXT"): [f'"{record}"'],
        ("bottega.it", "MX"): ["10 mail.bottega.it."],
        ("other.it", "TXT"): ['"v=spf1 ip4:192.0.2.7 -all"'],
    }
    assert findings(zone)["SPF"].level == level


def test_two_spf_records_are_an_error():
    zone = GOOD | {("bottega.it", "TXT"): ['"v=spf1 a -all"', '"v=spf1 mx -all"']}
    found = findings(zone)["SPF"]
    assert found.level == "warn"
    assert "several" in found.found


def test_a_mail_server_on_this_machine_hands_on_so_its_address_says_nothing():
    found = findings(GOOD, SenderDomain("bottega.it", "localhost", SIGNING))
    assert found["SPF"].level == "ok"


def test_a_key_in_several_strings_is_one_key():
    signer = Signer("bottega.it", "r1", rsa.generate_private_key(65537, 2048))
    record = signer.record
    zone = GOOD | {("r1._domainkey.bottega.it", "TXT"): [f'"{record[:200]}" "{record[200:]}"']}
    signing = Signing(signer.domain, signer.record_name, record)
    assert findings(zone, SenderDomain("bottega.it", None, signing))["DKIM"].level == "ok"


def test_another_key_in_the_dns_is_told():
    other = Signer("bottega.it", "r1", Ed25519PrivateKey.generate())
    found = findings(GOOD | {("r1._domainkey.bottega.it", "TXT"): [f'"{other.record}"']})["DKIM"]
    assert (found.level, "another key" in found.found) == ("warn", True)
    assert SIGNER.record in found.advice


def test_a_signature_for_somebody_else_helps_nobody():
    found = findings(GOOD, SenderDomain("enoteca.it", None, SIGNING))["DKIM"]
    assert (found.level, "no help" in found.found) == ("warn", True)


def test_who_signs_is_told_where_ripresa_does_not():
    assert findings(GOOD, SenderDomain("bottega.it", None, None))["DKIM"].level == "ok"
    assert (
        findings(GOOD, SenderDomain("bottega.it", "mail.bottega.it", None))["DKIM"].level == "warn"
    )


def test_the_policy_of_the_domain_above_counts_unless_it_is_strict():
    below = SenderDomain("news.bottega.it", None, SIGNING)
    assert findings(GOOD, below)["DMARC"].level == "ok"
    strict = GOOD | {("_dmarc.bottega.it", "TXT"): ['"v=DMARC1; p=reject; adkim=s"']}
    assert findings(strict, below)["DMARC"].level == "warn"
    assert findings(strict)["DMARC"].level == "ok"


@pytest.mark.parametrize(
    ("signed", "visible", "is_aligned"),
    [
        ("shop.co.uk", "mail.shop.co.uk", True),
        ("bounce.shop.co.uk", "news.shop.co.uk", True),  # siblings
        ("other.co.uk", "shop.co.uk", False),  # co.uk is nobody's own
        ("co.uk", "shop.co.uk", False),
        ("ada.github.io", "ben.github.io", False),
        ("Bottega.it", "bottega.it", True),
        ("bottega.it", "notbottega.it", False),
    ],
)
def test_alignment_goes_by_the_organisation_below_the_public_suffix(signed, visible, is_aligned):
    assert (organisation_of(signed) == organisation_of(visible)) is is_aligned


def test_dmarc_is_looked_for_at_the_domain_and_at_its_organisation_alone():
    sender = SenderDomain("a.b.bottega.co.uk", None, None)
    levels = [
        findings({(f"_dmarc.{place}", "TXT"): ['"v=DMARC1; p=none"']}, sender)["DMARC"].level
        for place in ("a.b.bottega.co.uk", "b.bottega.co.uk", "bottega.co.uk", "co.uk")
    ]
    assert levels == ["ok", "warn", "ok", "warn"]


def test_a_record_without_a_policy_is_none():
    zone = GOOD | {("_dmarc.bottega.it", "TXT"): ['"v=DMARC1; rua=mailto:x@bottega.it"']}
    assert findings(zone)["DMARC"].level == "warn"


@pytest.mark.parametrize(
    ("zone", "host", "level", "words"),
    [
        (GOOD, "mail.bottega.it", "ok", "name each other"),
        ({("mail.bottega.it", "A"): ["192.0.2.7"]}, "mail.bottega.it", "warn", "PTR record"),
        (
            GOOD | {("7.2.0.192.in-addr.arpa", "PTR"): ["elsewhere.it."]},
            "mail.bottega.it",
            "warn",
            "PTR record",
        ),
        (GOOD, "localhost", "ok", "not known here"),
        (GOOD, "192.0.2.7", "ok", "name each other"),
    ],
)
def test_the_server_s_address_leads_back_to_it(zone, host, level, words):
    with NameServer(zone) as server:
        found = examine_server(Asker(server.address), host)
    assert found.level == level
    assert words in found.found + found.advice


def test_a_name_for_examples_is_asked_about_by_nobody():
    with NameServer({}) as server:
        [found] = examine_domain(Asker(server.address), SenderDomain("shop.test", None, None))
        assert server.asked == []
    assert found.level == "ok"


def test_where_nobody_answers_it_says_so_and_does_not_wait_for_long():
    with NameServer(GOOD, is_silent=True) as server:
        began = time.monotonic()
        asker = Asker(server.address)
        found = [*examine_domain(asker, SENDER), examine_server(asker, "mail.bottega.it")]
        took = time.monotonic() - began
    assert took < ALL_QUESTIONS_SECONDS
    assert [one.level for one in found] == ["ok"] * 4
    assert all("could not ask" in one.found for one in found)


@pytest.mark.parametrize("server", ["not an address", "", "[::1", "127.0.0.1:99999"])
def test_a_resolver_that_is_none_is_no_reason_to_stop(server):
    with pytest.raises(CouldNotAsk):
        Asker(server or "nonsense").texts("bottega.it")
