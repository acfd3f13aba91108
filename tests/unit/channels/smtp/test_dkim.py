"""dkimpy verifies what we sign: it is the oracle."""

import base64
import re

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import example, given

from ripresa.channels.smtp.dkim import SIGNED, BadKey, Signer, read_key
from ripresa.channels.smtp.mime import lay_out
from ripresa.contracts.channel import Mailbox
from tests.mails import an_email
from tests.unit.channels.smtp.test_mime import any_text

KEYS = {"rsa": generate_private_key(65537, 2048), "ed25519": Ed25519PrivateKey.generate()}
SIGNERS = {name: Signer("enoteca.example", "r1", key) for name, key in KEYS.items()}
both = pytest.mark.parametrize("signer", SIGNERS.values(), ids=SIGNERS)


def verifies(signed: bytes, signer: Signer) -> bool:
    def answer(name: bytes, timeout: int = 5) -> bytes | None:
        assert name == f"{signer.record_name}.".encode()
        return signer.record.encode()

    return dkim.verify(signed, dnsfunc=answer)


def signed_by(signer: Signer, **changes) -> bytes:
    mail = an_email(1, **changes)
    return signer.sign(lay_out(mail).content, at_epoch=mail.sent_at_epoch)


@both
@given(subject=any_text, text=any_text, html=any_text, name=any_text)
@example(subject="", text="", html="", name="")
@example(subject=" two  blanks ", text=" \t \n\n\n", html="\n", name="a  b")
@example(subject="x" * 3000, text="." * 4000, html=".\n..\n.\n", name="漢" * 200)
@example(subject="a\tb", text="a  b \t c\t\n d", html="=  =\t=\n" * 30, name="\t")
def test_any_mail_verifies(signer, subject, text, html, name):
    mail = an_email(
        1, subject=subject, text=text, html=html, recipient=Mailbox(name, "ben@people.example")
    )
    assert verifies(signer.sign(lay_out(mail).content, at_epoch=1_772_532_000), signer)


@both
@pytest.mark.parametrize(
    "changes",
    [
        {"reply_to": None},
        {"unsubscribe_url": ""},
        {"unsubscribe_url": "http://plain.example/u"},
        {"unsubscribe_url": "https://enoteca.example/" + "u" * 500},
        {"recipient": Mailbox("Gröbner", "grüße@straße.example")},
    ],
)
def test_so_does_one_with_other_headers(signer, changes):
    assert verifies(signed_by(signer, **changes), signer)


@both
@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b" \r\n", b"a", b"a \t\r\n\r\n b\r\n"])
def test_so_does_any_body(signer, body):
    head = lay_out(an_email(1)).content.partition(b"\r\n\r\n")[0]
    assert verifies(signer.sign(head + b"\r\n\r\n" + body, at_epoch=1), signer)


@both
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"From: ", b"From: x@evil.example\r\nFrom: "),
        (b"Subject: ", b"Subject: another\r\nSubject: "),
        (b"List-Unsubscribe: ", b"List-Unsubscribe: <https://evil.example>\r\nList-Unsubscribe: "),
        (b"List-Unsubscribe-Post: ", b"X-Gone: "),
        (b"Content-Type: multipart", b"Content-Type: text/plain\r\nContent-Type: multipart"),
        (b"https://enoteca.example/u/abc", b"https://evil.example/u/abc"),
        (b"Barolo", b"Barbera"),
        (b"t=1772532000", b"t=1772532001"),
    ],
)
def test_nothing_that_counts_can_be_changed_or_added(signer, old, new):
    signed = signed_by(signer)
    assert old in signed
    assert not verifies(signed.replace(old, new, 1), signer)


@both
def test_a_header_that_is_not_there_cannot_be_put_there(signer):
    signed = signed_by(signer, reply_to=None, unsubscribe_url="")
    assert verifies(signed, signer)
    for name in (b"Reply-To: x@evil.example", b"List-Unsubscribe: <https://evil.example>"):
        assert not verifies(name + b"\r\n" + signed, signer)


@both
def test_relays_may_fold_anew(signer):
    signed = signed_by(signer, subject="word " * 30)
    assert verifies(signed.replace(b"word\r\n word", b"word \r\n\t word"), signer)


@both
def test_the_same_mail_gives_the_same_bytes_in_short_lines(signer):
    signed = signed_by(signer)
    assert signed == signed_by(signer)
    header = signed.partition(b"\r\nDate:")[0]
    assert max(map(len, header.split(b"\r\n"))) <= 78
    names = re.search(rb"h=([^;]*);", header)[1].replace(b"\r\n ", b"").decode().split(":")
    assert sorted(names) == sorted(2 * SIGNED)
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(names)


@both
def test_the_record_says_what_a_verifier_needs(signer):
    assert signer.record_name == "r1._domainkey.enoteca.example"
    assert signer.record.startswith(f"v=DKIM1; k={signer.algorithm}; p=")


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_is_read_in_pem_and_on_one_line(key: RSAPrivateKey | Ed25519PrivateKey):
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, form, plain).decode()
    der = base64.b64encode(key.private_bytes(serialization.Encoding.DER, form, plain)).decode()
    records = {Signer.of("a.example", "s", text).record for text in (pem, der, f" {pem}\n")}
    assert records == {Signer("a.example", "s", key).record}


def pem_of(key, password: bytes | None = None) -> str:
    locked = serialization.BestAvailableEncryption(password) if password else None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        locked or serialization.NoEncryption(),
    ).decode()


@pytest.mark.parametrize(
    "text",
    ["", "kkkk", "-----BEGIN x\n", "AAAA", pem_of(KEYS["rsa"], b"secret"),
     pem_of(ec.generate_private_key(ec.SECP256R1()))],
)  # fmt: skip
def test_what_is_no_key_is_refused_without_being_shown(text):
    with pytest.raises(BadKey) as refused:
        read_key(text)
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize(
    ("domain", "selector", "key"),
    [
        ("no domain", "r1", KEYS["rsa"]),
        ("", "r1", KEYS["rsa"]),
        ("a.example", "", KEYS["rsa"]),
        ("a.example", "r 1", KEYS["rsa"]),
        ("a.example", "r1;", KEYS["rsa"]),
    ],
)
def test_what_cannot_stand_in_the_header_is_refused(domain, selector, key):
    with pytest.raises(BadKey):
        Signer(domain, selector, key)


def test_a_weak_key_is_refused(monkeypatch):
    monkeypatch.setattr("ripresa.channels.smtp.dkim.LEAST_RSA_BITS", 4096)
    with pytest.raises(BadKey, match="2048 bits"):
        Signer("a.example", "r1", KEYS["rsa"])


def test_a_domain_with_other_letters_is_signed_as_the_dns_has_it():
    signer = Signer("Weingut-Müller.example", "R1", KEYS["ed25519"])
    assert signer.record_name == "r1._domainkey.xn--weingut-mller-4ob.example"
    assert verifies(signed_by(signer), signer)
