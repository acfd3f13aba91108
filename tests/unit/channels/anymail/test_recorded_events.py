"""Every recorded event of a mail service gives the feedback that its label asks for."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ripresa.channels.anymail import sns
from ripresa.channels.anymail.provider import PROVIDERS
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind, HookRefused
from ripresa.contracts.provider import BadSettings
from tests.unit.channels.anymail import calls
from tests.unit.channels.anymail.recorded import Case, cases, request_of

pytestmark = pytest.mark.foreign

# The label's words, and ours.
KINDS = {
    "queued": FeedbackKind.ACCEPTED,
    "sent": FeedbackKind.ACCEPTED,
    "rejected": FeedbackKind.BOUNCED,
    "failed": FeedbackKind.BOUNCED,
    "bounced": FeedbackKind.BOUNCED,
    "deferred": FeedbackKind.DELAYED,
    "delivered": FeedbackKind.DELIVERED,
    "autoresponded": FeedbackKind.AUTO_REPLIED,
    "opened": FeedbackKind.OPENED,
    "clicked": FeedbackKind.CLICKED,
    "complained": FeedbackKind.COMPLAINED,
    "unsubscribed": FeedbackKind.UNSUBSCRIBED,
    "subscribed": FeedbackKind.SUBSCRIBED,
    "inbound": FeedbackKind.REPLIED,
    "unknown": FeedbackKind.OTHER,
}
ALL = cases()
# SparkPost's first open counts as an open where a merchant asked for that; here the other open does.
_ASKED_FOR_FIRST_OPENS = "initial_open_event_as_opened"
# The mail that came in is to be had from the service alone, and a reader asks nobody.
_ELSEWHERE = {
    "resend-inbound:inbound_basics_raw_mime",
    "resend-inbound:inbound_basics_parsed_fields",
    "resend-inbound:event_id_from_svix_header",
    "resend-inbound:attachments",
    "amazon_ses-inbound:inbound_s3",
    "amazon_ses-inbound:inbound_s3_failure_message",
}
# Calls that miss their signature, or are of a kind that nobody reads.
_REFUSED = {
    "mailersend:verifies_missing_signature",
    "mailersend-inbound:verifies_missing_signature",
    "mailgun:verifies_missing_signature",
    "mailgun:verifies_bad_signature",
    "mandrill:verifies_missing_signature",
    "mandrill:verifies_bad_signature",
    "postal:failed_signature_check",
    "resend:verifies_missing_signature",
    "resend-inbound:verifies_missing_signature",
    "unisender_go:error_includes_project_id_single_event",
    "mailgun-inbound:misconfigured_store_action",
    "amazon_ses:incorrect_received_event",  # it says that a mail came, and brings none
    "postal:misconfigured_inbound",
    "amazon_ses-inbound:incorrect_tracking_event",  # it says that one arrived, and not whose
}
_NO_KEY = {"mailgun:requires_webhook_signing_key", "mandrill:requires_webhook_key"}
# What these services send to the hook of the other kind, for which only an error's words are recorded.
_OTHER_KIND = {
    "brevo:misconfigured_inbound": {"items": [{"Headers": {"From": "ben@people.example"}}]},
    "brevo-inbound:misconfigured_tracking": {"event": "delivered", "email": "ben@people.example"},
    "mailersend:misconfigured_inbound": {"type": "inbound.message", "data": {"raw": "From: a@b.c"}},
    "mailersend-inbound:misconfigured_inbound": {
        "type": "activity.sent",
        "data": {"type": "sent", "created_at": "2026-03-03T10:00:00Z"},
    },
    "postmark:misconfigured_inbound": {"FromFull": {"Email": "ben@people.example", "Name": ""}},
    "postmark-inbound:misconfigured_tracking": {
        "RecordType": "Delivery",
        "Recipient": "b@p.example",
    },
    "resend-inbound:misconfigured_tracking": {
        "type": "email.sent",
        "data": {"to": ["b@p.example"]},
    },
}


@pytest.fixture(autouse=True)
def amazons_certificate(monkeypatch) -> None:
    pem = calls.certificate()
    monkeypatch.setattr(sns, "kept", lambda url: {calls.CERTIFICATE_URL: pem}[url])


def reader_of(service: str, **changes: str):
    provider = next(one for one in PROVIDERS if one.name == service)
    return provider.reader(calls.settings_of(service, **changes))


def test_all_of_them_are_here():
    assert len(ALL) == 187


@pytest.mark.parametrize("case", ALL, ids=str)
def test_it_gives_what_its_label_says(case: Case):
    name = str(case)
    if name in _NO_KEY:
        check_no_key(case)
    elif name in _OTHER_KIND:
        check_other_kind(case)
    elif name in _REFUSED:
        check_refused(case)
    elif name in _ELSEWHERE:
        check_elsewhere(case)
    else:
        check_read(case)


def check_no_key(case: Case) -> None:
    with pytest.raises((HookRefused, BadSettings)):
        reader_of(case.service, webhook_key="", signing_key="", api_key="").read(request_of(case))


def check_refused(case: Case) -> None:
    request = request_of(case)
    unsigned = {
        name: value
        for name, value in request.headers.items()
        if name.startswith(("content", "x-amz"))
    }
    body = request.body.replace(b'"signature":', b'"unsigned":').replace(b'"auth":', b'"author":')
    if "bad_signature" in case.name:
        unsigned, body = dict(request.headers), request.body + b" "
        if case.service == "mandrill":
            unsigned["x-mandrill-signature"] = "bm90IHRoaXM="
        else:
            body = request.body.replace(b"t0ken", b"other")
    with pytest.raises(HookRefused):
        reader_of(case.service).read(replace(request, headers=unsigned, body=body))


def check_elsewhere(case: Case) -> None:
    if case.service == "amazon_ses":
        with pytest.raises(HookRefused, match="S3"):
            reader_of(case.service).read(request_of(case))
    else:
        (told,) = reader_of(case.service).read(request_of(case))
        assert told.kind is FeedbackKind.OTHER


def check_other_kind(case: Case) -> None:
    """One hook for both kinds: what anymail calls a mistake is read as what it is, or refused."""
    value = _OTHER_KIND[str(case)]
    call = calls.SIGNED.get(case.service, calls.as_json)(value)
    if str(case) == "mailersend:misconfigured_inbound":
        # Its routes have a secret of their own.
        with pytest.raises(HookRefused, match="inbound"):
            reader_of(case.service).read(call)
        return
    (told,) = reader_of(case.service).read(call)
    assert (told.kind is not FeedbackKind.REPLIED) == case.is_inbound


def check_read(case: Case) -> None:
    request = request_of(case)
    settings = {}
    if case.name == "defaults_webhook_signing_to_api_key":
        request = calls.mailgun({"event-data": {"event": "delivered"}}, key="k")
        settings = {"signing_key": ""}
    if case.service == "sendgrid" and case.is_inbound:
        settings = {"verification_key": ""}
    reader = reader_of(case.service, **settings)
    told = reader.read(request)
    assert reader.read(request) == told, "the same call tells the same"
    assert len({one.event_id for one in told}) == len(told)
    check_kinds(case, told)
    check_fields(case, told)
    if case.is_inbound:
        check_mail(case, told)


def check_kinds(case: Case, told: list[Feedback]) -> None:
    wanted = [KINDS[label] for label in case.labels("event_type")]
    if case.name == _ASKED_FOR_FIRST_OPENS:
        wanted = [FeedbackKind.OTHER]
    if len(wanted) == 1:
        wanted *= max(1, len(told))  # one call about several people
    if wanted:
        assert [one.kind for one in told] == wanted
    for one in told:
        assert (one.reason is not None) == (one.kind is FeedbackKind.BOUNCED)


def check_fields(case: Case, told: list[Feedback]) -> None:
    if recipients := case.labels("recipient"):
        # Amazon's calls are about several people, of whom a label may name the first alone.
        told_of = {one.recipient for one in told}
        assert set(recipients) <= told_of
        assert told_of == set(recipients) or case.service == "amazon_ses"
    for one in told:
        check_names(case, one)
        check_words(case, one)
        check_reason(case, one)


def check_names(case: Case, one: Feedback) -> None:
    for label in (case.label("event.timestamp"), case.label("event.timestamp.isoformat()")):
        if isinstance(label, str):
            assert one.occurred_at == _instant(case, label)
    if (label := case.label("event.event_id")) is not None:
        assert one.event_id.partition("#")[0] == str(label)
    if (label := case.label("event.message_id")) is not None:
        assert one.receipt == str(label)


def check_words(case: Case, one: Feedback) -> None:
    for field in ("mta_response", "description"):
        label = case.label(f"event.{field}") or ""
        assert label.strip()[:200] in one.detail
    if label := case.label("event.click_url"):
        assert one.url == (label if one.kind is FeedbackKind.CLICKED else "")
    if one.kind in {FeedbackKind.OPENED, FeedbackKind.CLICKED}:
        assert one.user_agent == (case.label("event.user_agent") or one.user_agent)


def _instant(case: Case, label: str) -> datetime:
    """Postmark's labels have lost the offset that stands in the payload."""
    at = datetime.fromisoformat(label)
    if case.service == "postmark" and re.search(r'At": "[^"]*-04:00"', json.dumps(case.payloads)):
        return at + timedelta(hours=4)
    return at


def check_reason(case: Case, one: Feedback) -> None:
    """The label's rough reason holds ours; who was never told `unknown` or `disabled` is not suppressed."""
    allowed = {
        "invalid": {BounceReason.UNKNOWN},
        "spam": {BounceReason.OPTED_OUT, BounceReason.POLICY, BounceReason.CONTENT},
        "unsubscribed": {BounceReason.OPTED_OUT},
        "blocked": {BounceReason.OPTED_OUT, BounceReason.POLICY, BounceReason.CONTENT},
        "timed_out": {BounceReason.EXPIRED},
    }.get(str(case.label("event.reject_reason")))
    if one.kind is FeedbackKind.BOUNCED and allowed is not None:
        assert one.reason in allowed


def check_mail(case: Case, told: list[Feedback]) -> None:
    for one in told:
        if label := case.label("message.subject"):
            assert one.detail == label
        if label := case.label("message.from_email.addr_spec"):
            assert one.recipient == label
        text = case.label("message.stripped_text") or case.label("message.text")
        if text:
            assert one.text == text
