from datetime import UTC, datetime

import pytest

from ripresa.channels.mailbox.reading.read import read_mail
from ripresa.channels.mailbox.telling import feedback_of
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from tests.unit.channels.mailbox.mails import complaint, mail, refused, report

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


def told_by(raw):
    return feedback_of(read_mail(raw), "key", "id", AT)


def test_a_bounce_tells_why_and_whether_for_good():
    told = told_by(report([refused("550 5.1.1 user unknown", status="5.1.1")]))

    assert told == Feedback(
        FeedbackKind.BOUNCED, "id", AT, message_key="key", reason=BounceReason.UNKNOWN,
        is_permanent=True, detail="5.1.1 550 5.1.1 user unknown",
    )  # fmt: skip


def test_a_delay_is_no_bounce():
    told = told_by(report([refused("450 timed out", status="4.4.1", action="delayed")]))

    assert (told.kind, told.is_permanent) == (FeedbackKind.DELAYED, False)


def test_a_delivery_is_told_as_one():
    told = told_by(report([refused("250 Ok", status="2.0.0", action="delivered")]))

    assert (told.kind, told.reason) == (FeedbackKind.DELIVERED, None)


def test_of_several_addresses_the_worst_counts():
    raw = report(
        [
            refused("452 4.2.2 full", status="4.2.2", address="a@x.test"),
            refused("550 5.1.1 unknown", status="5.1.1", address="b@x.test"),
        ]
    )

    assert told_by(raw).reason is BounceReason.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (complaint(), FeedbackKind.COMPLAINED),
        (mail("away", headers="Auto-Submitted: auto-replied"), FeedbackKind.AUTO_REPLIED),
    ],
)
def test_complaints_and_automatic_replies_are_told(raw, kind):
    assert told_by(raw).kind is kind


@pytest.mark.parametrize("raw", [mail("Thank you"), complaint("not-spam")])
def test_other_mails_tell_nothing_by_themselves(raw):
    assert told_by(raw) is None
