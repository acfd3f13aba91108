"""What a mail is taken for, on mails written here."""

import pytest

from ripresa.channels.mailbox.reading.mail import NotAMail
from ripresa.channels.mailbox.reading.read import read_mail
from ripresa.channels.mailbox.reading.values import Action, MailKind
from ripresa.contracts.feedback import BounceReason
from tests.unit.channels.mailbox.mails import DAEMON, ORIGINAL, complaint, mail, refused, report


def only(raw):
    reading = read_mail(raw)
    assert reading.kind is MailKind.BOUNCE
    (heard,) = reading.heard
    return heard


@pytest.mark.parametrize(
    ("diagnostic", "status", "reason", "is_permanent"),
    [
        ("550 5.1.1 <ben@people.example>: user unknown", "5.1.1", "unknown", True),
        ("550 No such user here", "5.0.0", "unknown", True),
        ("550 Host unknown", "5.1.2", "unknown", True),
        ("556 5.1.10 recipient address has a null MX", "5.1.10", "unknown", True),
        ("550 5.4.1 Recipient address rejected: Access denied [edge]", "5.4.1", "unknown", True),
        (
            "550 5.2.1 The email account that you tried to reach is disabled",
            "5.2.1",
            "disabled",
            True,
        ),
        ("551 not our user", "5.1.6", "disabled", True),
        ("552 5.2.2 mailbox full", "5.2.2", "full", False),
        ("452 4.2.2 over quota", "4.2.2", "full", False),
        ("550 5.7.1 rejected: listed at bl.example", "5.7.1", "policy", False),
        ("550 5.7.26 unauthenticated mail is not accepted", "5.7.26", "policy", False),
        ("554 message looks like spam", "5.0.0", "policy", False),
        ("550 5.1.8 Sender address rejected: Domain not found", "5.1.8", "policy", False),
        ("552 5.3.4 message size exceeds fixed limit", "5.3.4", "content", False),
        ("450 4.4.1 connection timed out", "4.4.1", "expired", False),
        ("550 5.4.6 mail loop detected", "5.4.6", "network", False),
        ("550 go away", "5.0.0", "unclear", False),
        (
            "450 4.1.1 user unknown, try again",
            "4.1.1",
            "unknown",
            False,
        ),  # passing: nothing is for good
    ],
)
def test_why_a_mail_came_back(diagnostic, status, reason, is_permanent):
    heard = only(report([refused(diagnostic, status=status)]))

    assert (heard.address, heard.status) == ("ben@people.example", status)
    assert (heard.reason, heard.permanent) == (BounceReason(reason), is_permanent)


def test_the_refusing_server_is_believed_before_the_reporting_one():
    heard = only(report([refused("552 5.2.2 over quota", status="5.1.1")]))

    assert (heard.reason, heard.status, heard.permanent) == (BounceReason.FULL, "5.2.2", False)


def test_a_gateways_paraphrase_is_no_word_of_the_refusal():
    said = "5.1.0 - Unknown address error 550-'5.7.1 Access denied'"

    assert only(report([refused(said, status="5.1.0")])).reason is BounceReason.POLICY


def test_what_is_said_of_the_sender_is_not_said_of_the_recipient():
    told = "<ben@people.example>: host mx.example said: 550 no such user (in reply to MAIL FROM command)"

    assert only(report([refused("550 no such user")], told=told)).reason is BounceReason.POLICY


def test_each_address_of_a_report_has_its_own_reason():
    raw = report(
        [
            refused("550 5.1.1 unknown", status="5.1.1", address="ada@people.example"),
            refused("552 5.2.2 full", status="5.2.2", address="ben@people.example"),
            refused(
                "250 2.1.5 Ok", status="2.1.5", action="delivered", address="cleo@people.example"
            ),
        ]
    )

    reading = read_mail(raw)

    assert [(one.address, one.action, one.reason) for one in reading.heard] == [
        ("ada@people.example", Action.FAILED, BounceReason.UNKNOWN),
        ("ben@people.example", Action.FAILED, BounceReason.FULL),
        ("cleo@people.example", Action.DELIVERED, None),
    ]
    assert reading.original["message-id"] == ("<1234@shop.example>",)


def test_a_report_of_delays_is_a_bounce_that_is_not_permanent():
    heard = only(report([refused("450 4.4.1 timed out", status="4.4.1", action="delayed")]))

    assert (heard.action, heard.permanent, heard.reason) == (
        Action.DELAYED,
        False,
        BounceReason.EXPIRED,
    )


def test_a_report_of_deliveries_is_no_bounce():
    raw = report([refused("250 Ok", status="2.0.0", action="relayed")])

    assert read_mail(raw).kind is MailKind.OTHER


@pytest.mark.parametrize(
    "text",
    [
        # As Exim, qmail, sendmail, Postfix without a report, and Domino put it.
        "A message that you sent could not be delivered:\n\n  ben@people.example\n"
        "    host mx.people.example [192.0.2.1]: 550 5.1.1 unknown user\n\n"
        "------ This is a copy of the message, including all the headers. ------\n" + ORIGINAL,
        "I wasn't able to deliver your message.\n\n<ben@people.example>:\n192.0.2.1 does not like recipient.\n"
        "Remote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\n"
        + ORIGINAL,
        "   ----- The following addresses had permanent fatal errors -----\n<ben@people.example>\n"
        "    (reason: 550 5.1.1 User unknown)\n   ----- Transcript of session follows -----\n"
        ">>> RCPT To:<ben@people.example>\n<<< 550 5.1.1 User unknown\n\n----- Original message -----\n"
        + ORIGINAL,
        "------- Failure Reasons --------\n\n5.1.1 User not listed in public Name & Address Book\n"
        "ben@people.example\n\n------- Returned Message --------\n" + ORIGINAL,
    ],
    ids=["exim", "qmail", "sendmail", "domino"],
)
def test_bounces_written_for_people_are_read_too(text):
    heard = only(mail(text, sender=DAEMON, subject="Mail delivery failed"))

    assert (heard.address, heard.reason) == ("ben@people.example", BounceReason.UNKNOWN)
    assert (heard.permanent, heard.status) == (True, "5.1.1")


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("abuse", MailKind.COMPLAINT),
        ("fraud", MailKind.COMPLAINT),
        ("opt-out", MailKind.COMPLAINT),
        ("not-spam", MailKind.OTHER),
        ("auth-failure", MailKind.OTHER),
    ],
)
def test_a_feedback_report_is_a_complaint_when_a_person_complained(kind, taken):
    reading = read_mail(complaint(kind))

    assert (reading.kind, reading.complaint) == (taken, kind)
    assert [one.address for one in reading.heard] == ["ben@people.example"]


def test_where_the_address_is_withheld_the_returned_mail_tells_it():
    (heard,) = read_mail(complaint(recipient="")).heard

    assert heard.address == "ben@people.example"


@pytest.mark.parametrize(
    "raw",
    [
        mail("I am away.", headers="Auto-Submitted: auto-replied"),
        mail("I am away.", headers="X-Autoreply: yes"),
        mail("I am away.", headers="Precedence: auto_reply"),
        mail("I am away until Monday.", subject="Automatic reply: Your cart"),
        mail("Bin im Urlaub.", subject="Automatische Antwort: Ihr Warenkorb"),
        mail("Sono in ferie.", subject="Risposta automatica: Il tuo carrello"),
        mail("Je suis absent.", subject="Réponse automatique : Votre panier"),
        mail("Sunt în concediu.", subject="Răspuns automat: Coșul tău"),
        mail("Я в отпуске.", subject="Автоматический ответ: Ваша корзина"),
        # Words of a bounce in an automatic reply: it answers to what we wrote, and says nothing of an address.
        mail(
            "This mailbox is disabled, I left the company.\n550 5.1.1 no such user",
            subject="Automatic reply: Delivery failed",
            headers="Return-Path: <>\nAuto-Submitted: auto-replied",
        ),
    ],
)
def test_automatic_replies_are_known_and_say_nothing_of_an_address(raw):
    reading = read_mail(raw)

    assert (reading.kind, reading.heard) == (MailKind.AUTO_REPLY, ())


@pytest.mark.parametrize(
    "raw",
    [
        mail("Thank you, I will order tomorrow."),
        mail(
            "Why do I get 'undeliverable'? It said: 550 5.1.1 user unknown",
            subject="Undeliverable?",
        ),
        mail("See below.\n\n<ben@people.example>: user unknown", subject="Fwd: Returned mail"),
        mail("I rejected your offer", subject="Re: Delivery of my order has failed"),
        mail("Auto-Submitted says no", headers="Auto-Submitted: no"),
    ],
)
def test_a_persons_mail_is_never_a_bounce(raw):
    assert read_mail(raw).kind is MailKind.OTHER


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\x00\x01\x02", b"just words\n\nand more"])
def test_what_has_no_header_is_no_mail(raw):
    with pytest.raises(NotAMail, match="no mail"):
        read_mail(raw)
