"""Who is believed: signatures, ages, certificates; and what a call about a mail of ours names."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ripresa.channels.anymail import sns
from ripresa.channels.anymail.provider import PROVIDERS
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from ripresa.contracts.provider import BadSettings
from tests.unit.channels.anymail import calls

KEY = "abcdefghijklmnopqrstuvwxyz234567abcdef"
TOPIC = "arn:aws:sns:eu-south-1:111111111111:SES_Events"


def reader_of(service: str, **changes: str):
    provider = next(one for one in PROVIDERS if one.name == service)
    return provider.reader(calls.settings_of(service, **changes))


@pytest.fixture(autouse=True)
def amazons_certificate(monkeypatch):
    pem = calls.certificate()
    monkeypatch.setattr(sns, "kept", lambda url: {calls.CERTIFICATE_URL: pem}[url])


# What each service tells of a mail that is in the mailbox.
DELIVERED = {
    "amazon_ses": {
        "Type": "Notification",
        "Message": '{"eventType": "Delivery", "delivery": {"recipients": ["ben@people.example"]}, '
        '"mail": {"messageId": "r1", "headers": [{"name": "X-Metadata", '
        f'"value": "{{\\"message_key\\": \\"{KEY}\\"}}"}}]}}}}',
    },
    "brevo": {
        "event": "delivered",
        "email": "ben@people.example",
        "message-id": "r1",
        "X-Mailin-custom": f'{{"message_key": "{KEY}"}}',
    },
    "mailgun": {
        "event-data": {
            "event": "delivered",
            "timestamp": 1.0,
            "recipient": "ben@people.example",
            "user-variables": {"message_key": KEY},
        }
    },
    "mailjet": {
        "event": "sent",
        "time": 1,
        "MessageID": "r1",
        "email": "ben@people.example",
        "Payload": f'{{"message_key": "{KEY}"}}',
    },
    "mailtrap": {
        "events": [
            {
                "event": "delivery",
                "timestamp": 1,
                "message_id": "r1",
                "email": "ben@people.example",
                "custom_variables": {"message_key": KEY},
            }
        ]
    },
    "mandrill": [
        {
            "event": "send",
            "ts": 1,
            "_id": "r1",
            "msg": {"email": "ben@people.example", "metadata": {"message_key": KEY}},
        }
    ],
    "postmark": {
        "RecordType": "Delivery",
        "MessageID": "r1",
        "Recipient": "ben@people.example",
        "Metadata": {"message_key": KEY},
    },
    "resend": {
        "type": "email.delivered",
        "data": {
            "email_id": "r1",
            "to": ["ben@people.example"],
            "headers": [{"name": "X-Metadata", "value": f'{{"message_key": "{KEY}"}}'}],
        },
    },
    "sendgrid": [
        {"event": "delivered", "email": "ben@people.example", "timestamp": 1, "message_key": KEY}
    ],
    "sparkpost": [
        {
            "msys": {
                "message_event": {
                    "type": "delivery",
                    "raw_rcpt_to": "ben@people.example",
                    "rcpt_meta": {"message_key": KEY},
                }
            }
        }
    ],
    "unisender_go": {
        "event_name": "transactional_email_status",
        "status": "delivered",
        "email": "ben@people.example",
        "metadata": {"message_key": KEY},
    },
}


def call_of(service: str):
    return calls.SIGNED.get(service, calls.as_json)(DELIVERED[service])


@pytest.mark.parametrize("service", DELIVERED)
def test_it_names_our_message_and_says_the_same_again(service):
    (told,) = reader_of(service).read(call_of(service))
    assert told.message_key == KEY
    assert told.recipient == "ben@people.example"
    assert told.kind in {FeedbackKind.DELIVERED, FeedbackKind.ACCEPTED}
    assert reader_of(service).read(call_of(service)) == [told]


@pytest.mark.parametrize("service", calls.SIGNED)
def test_a_call_without_its_signature_is_not_believed(service):
    if service == "postal":
        request = calls.postal({"event": "MessageSent", "payload": {"status": "Sent"}})
    elif service == "mailersend":
        request = calls.mailersend({"type": "activity.sent", "data": {"type": "sent"}})
    else:
        request = call_of(service)
    tampered = replace(request, body=request.body.replace(b"e", b"f", 1) + b" ")
    bare = replace(request, headers={"content-type": request.headers["content-type"]})
    for other in (tampered, *([] if service in {"mailgun", "unisender_go"} else [bare])):
        with pytest.raises(HookRefused):
            reader_of(service).read(other)


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("mandrill", "webhook_key"),
        ("mailersend", "signing_secret"),
        ("mailtrap", "signing_secret"),
        ("postal", "webhook_key"),
        ("resend", "signing_secret"),
    ],
)
def test_while_its_key_is_not_set_no_call_is_believed(service, setting):
    request = calls.as_json({})
    with pytest.raises(HookRefused, match=setting):
        reader_of(service, **{setting: ""}).read(request)


def test_a_key_that_is_none_is_told_at_once():
    with pytest.raises(BadSettings, match="SendGrid"):
        reader_of("sendgrid", verification_key="not a key")


def test_sendgrid_without_a_key_is_guarded_by_the_address_alone():
    (told,) = reader_of("sendgrid", verification_key="").read(calls.as_json(DELIVERED["sendgrid"]))
    assert told.message_key == KEY


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("service", DELIVERED)
def test_a_service_may_look_whether_anybody_is_there(service, method):
    assert reader_of(service).read(replace(call_of(service), method=method, body=b"")) == []


@pytest.mark.parametrize("service", DELIVERED)
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"[[[", b"\xff\xfe", b'{"event": {}}']
)
def test_nonsense_is_refused_or_says_nothing(service, body):
    try:
        told = reader_of(service).read(calls.as_json(body))
    except HookRefused:
        pass
    else:
        assert all(one.kind in {FeedbackKind.OTHER, FeedbackKind.REPLIED} for one in told)


class TestMailgun:
    @pytest.mark.parametrize("age", [timedelta(hours=-1), timedelta(hours=10)])
    def test_a_call_of_another_day_is_not_believed(self, age):
        block = calls.mailgun_block("mailgun-secret", at=calls.NOW - age)
        request = calls.as_json({**DELIVERED["mailgun"], "signature": block})
        with pytest.raises(HookRefused, match="seconds"):
            reader_of("mailgun").read(request)

    def test_a_token_is_good_for_one_feedback_whatever_stands_beside_it(self):
        """The body is not signed: who overheard a signature could say what she wants."""
        (told,) = reader_of("mailgun").read(calls.mailgun(DELIVERED["mailgun"]))
        other = {"event-data": {"event": "complained", "timestamp": 2.0}}
        (forged,) = reader_of("mailgun").read(calls.mailgun(other))
        assert forged.event_id == told.event_id

    def test_another_key_is_not_believed(self):
        with pytest.raises(HookRefused, match="signature"):
            reader_of("mailgun").read(calls.mailgun(DELIVERED["mailgun"], key="other"))


class TestResend:
    def test_a_call_of_another_hour_is_not_believed(self):
        request = calls.resend(DELIVERED["resend"], at=calls.NOW - timedelta(minutes=6))
        with pytest.raises(HookRefused, match="five minutes"):
            reader_of("resend").read(request)

    def test_another_secret_is_not_believed(self):
        with pytest.raises(HookRefused, match="signing_secret"):
            reader_of("resend").read(calls.resend(DELIVERED["resend"], secret=b"other"))

    def test_a_secret_that_is_none_is_told(self):
        reader = reader_of("resend", signing_secret="whsec_%%%")
        with pytest.raises(HookRefused, match="secret"):
            reader.read(calls.resend(DELIVERED["resend"]))


def test_mandrill_signs_the_address_it_called():
    with pytest.raises(HookRefused, match="signature"):
        reader_of("mandrill").read(
            calls.mandrill(DELIVERED["mandrill"], url="https://other.example/hook")
        )


class TestAmazon:
    @pytest.mark.parametrize("version", ["1", "2"])
    def test_both_ways_of_signing_are_known(self, version):
        request = calls.amazon_ses(DELIVERED["amazon_ses"], version=version)
        assert reader_of("amazon_ses").read(request)

    @pytest.mark.parametrize(
        "url",
        [
            "http://sns.eu-south-1.amazonaws.com/c.pem",
            "https://sns.eu-south-1.amazonaws.com.evil.example/c.pem",
            "https://evil.example/sns.eu-south-1.amazonaws.com/c.pem",
            "https://evil.sns.eu-south-1.amazonaws.com/c.pem",
            "https://sns.eu-south-1.amazonaws.com@evil.example/c.pem",
            "https://s3.eu-south-1.amazonaws.com/bucket/c.pem",
            "",
        ],
    )
    def test_a_certificate_from_elsewhere_is_never_asked_for(self, url):
        request = calls.amazon_ses(DELIVERED["amazon_ses"], SigningCertURL=url)
        with pytest.raises(HookRefused, match="SigningCertURL"):
            reader_of("amazon_ses").read(request)

    @pytest.mark.parametrize("changed", ["Message", "TopicArn", "MessageId", "Timestamp"])
    def test_every_signed_field_counts(self, changed):
        request = calls.amazon_ses(DELIVERED["amazon_ses"], **{changed: "other"})
        with pytest.raises(HookRefused, match="signature"):
            reader_of("amazon_ses").read(request)

    def test_another_topic_is_not_believed(self):
        with pytest.raises(HookRefused, match="topic"):
            reader_of("amazon_ses", topic=TOPIC + "2").read(call_of("amazon_ses"))

    def test_an_unknown_way_of_signing_is_none(self):
        request = calls.amazon_ses(DELIVERED["amazon_ses"], SignatureVersion="3")
        with pytest.raises(HookRefused, match="'3'"):
            reader_of("amazon_ses").read(request)

    def subscription(self, **changes: str):
        said = {
            "Type": "SubscriptionConfirmation",
            "Message": "You have chosen to subscribe",
            "SubscribeURL": "https://sns.eu-south-1.amazonaws.com/?Action=ConfirmSubscription&Token=t",
            "Token": "t",
        }
        return calls.amazon_ses(said | changes)

    def test_the_subscription_of_the_topic_is_confirmed(self, monkeypatch):
        visited = []
        monkeypatch.setattr(sns, "fetch", lambda url: visited.append(url) or b"")
        assert reader_of("amazon_ses", topic=TOPIC).read(self.subscription()) == []
        assert visited == [
            "https://sns.eu-south-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
        ]

    @pytest.mark.parametrize(
        ("topic", "changes"),
        [
            ("", {}),
            (TOPIC + "2", {}),
            (TOPIC, {"SubscribeURL": "https://evil.example/"}),
            (TOPIC, {"SubscribeURL": "http://169.254.169.254/latest"}),
        ],
    )
    def test_no_other_subscription_is(self, topic, changes, monkeypatch):
        monkeypatch.setattr(sns, "fetch", lambda url: pytest.fail(f"visited {url}"))
        with pytest.raises(HookRefused):
            reader_of("amazon_ses", topic=topic).read(self.subscription(**changes))


class TestReplies:
    def reply(self, **headers: str):
        return calls.as_json(
            {
                "FromFull": {"Email": "ben@people.example", "Name": "Ben"},
                "ToFull": [{"Email": f"reply+{KEY}@in.shop.example", "Name": ""}],
                "OriginalRecipient": f"reply+{KEY}@in.shop.example",
                "MessageID": "in1",
                "Subject": "Re: your cart",
                "TextBody": "Is it in stock?",
                "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            }
        )

    def test_an_answer_names_the_message_by_its_address(self):
        (told,) = reader_of("postmark").read(self.reply())
        assert told.kind is FeedbackKind.REPLIED
        assert (told.message_key, told.recipient) == (KEY, "ben@people.example")
        assert told.text == "Is it in stock?"

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto-Submitted": "auto-replied"},
            {"Auto-Submitted": "auto-generated; owner=x"},
            {"Precedence": "auto_reply"},
            {"X-Autoreply": "yes"},
        ],
    )
    def test_an_answer_of_a_machine_means_nothing(self, headers):
        (told,) = reader_of("postmark").read(self.reply(**headers))
        assert told.kind is FeedbackKind.AUTO_REPLIED

    def test_a_person_who_says_that_she_is_one_is_one(self):
        (told,) = reader_of("postmark").read(self.reply(**{"Auto-Submitted": "no"}))
        assert told.kind is FeedbackKind.REPLIED


@pytest.mark.parametrize(
    ("service", "event", "reason", "is_permanent"),
    [
        ("postmark", {"RecordType": "Bounce", "Type": "HardBounce"}, BounceReason.UNKNOWN, True),
        (
            "postmark",
            {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "Details": "550 5.7.1 blocked by policy",
            },
            BounceReason.POLICY,
            True,
        ),
        (
            "postmark",
            {"RecordType": "Bounce", "Type": "SoftBounce", "Details": "552 5.2.2 over quota"},
            BounceReason.FULL,
            False,
        ),
        (
            "postmark",
            {
                "RecordType": "Bounce",
                "Type": "HardBounce",
                "Details": "550 5.1.1 listed as spam source",
            },
            BounceReason.UNCLEAR,
            True,
        ),
        ("brevo", {"event": "hard_bounce"}, BounceReason.UNKNOWN, True),
        ("brevo", {"event": "soft_bounce"}, BounceReason.UNCLEAR, False),
        ("brevo", {"event": "soft_bounce", "reason": "mailbox full"}, BounceReason.FULL, False),
        ("brevo", {"event": "blocked"}, BounceReason.OPTED_OUT, True),
        (
            "mailjet",
            {"event": "bounce", "hard_bounce": True, "error": "user unknown"},
            BounceReason.UNKNOWN,
            True,
        ),
        (
            "mailjet",
            {"event": "bounce", "hard_bounce": False, "error": "sender blocked"},
            BounceReason.POLICY,
            False,
        ),
    ],
)
def test_why_a_mail_came_back(service, event, reason, is_permanent):
    (told,) = reader_of(service).read(calls.as_json(event))
    assert told.kind is FeedbackKind.BOUNCED
    assert (told.reason, told.is_permanent) == (reason, is_permanent)
