"""The table of refusals: whose fault a no is, and whether it is for good."""

import email
import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.channels.smtp.refusals import Stage, refusal
from ripresa.channels.smtp.wire import Reply
from ripresa.contracts.channel import RefusalKind, Refused
from tests.foreign import FOREIGN

MAILBOX, POLICY, OTHER = RefusalKind.MAILBOX, RefusalKind.POLICY, RefusalKind.OTHER
BOUNCES = FOREIGN / "bounces/sisimai_set_of_emails"


def judge(line: str, stage: Stage = Stage.RECIPIENT) -> Refused:
    return refusal(stage, Reply(int(line[:3]), (line[4:],)))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("550 5.1.1 <ben@x.example>: Recipient address rejected: User unknown", MAILBOX),
        ("550-5.1.1 The email account that you tried to reach does not exist.", MAILBOX),
        ("550 5.1.2 bad destination system", MAILBOX),
        ("501 5.1.3 bad address syntax", MAILBOX),
        ("550 5.1.6 mailbox has moved", MAILBOX),
        ("556 5.1.10 Recipient address has null MX", MAILBOX),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", MAILBOX),
        ("550 5.1.351 unknown recipient or mailbox unavailable", MAILBOX),
        ("550 5.2.1 The email account that you tried to reach is disabled.", MAILBOX),
        ("550 5.4.1 <ben@x.example>: Recipient address rejected: Access denied. AS(201806281)", MAILBOX),
        ("550 5.4.310 DNS domain x.example does not exist", MAILBOX),
        ("550 5.7.17 mailbox owner has changed", MAILBOX),
        ("550 5.0.0 <ben@x.example>... User unknown", MAILBOX),
        ("550 5.5.0 no such user", MAILBOX),
        ("550 No such user here", MAILBOX),
        ("550 <ben@x.example>: user does not exist", MAILBOX),
        ("550 Unknown user ben@x.example", MAILBOX),
        ("551 not our customer", MAILBOX),
        ("553 sorry, no mailbox here by that name", MAILBOX),
        ("554 delivery error: This account has been disabled or discontinued [#102].", MAILBOX),
        ("556 the domain takes no mail", MAILBOX),
        ("550 5.7.1 Message content rejected, UBE", POLICY),
        ("550-5.7.26 This mail has been blocked because the sender is unauthenticated.", POLICY),
        ("550 5.7.515 Access denied, sending domain does not meet the required level", POLICY),
        ("550 5.7.25 The IP address sending this message does not have a PTR record", POLICY),
        ("554 5.7.9 Message not accepted for policy reasons.", POLICY),
        ("554 5.7.1 <ben@x.example>: Relay access denied", POLICY),
        ("552-5.7.0 This message was blocked because its content presents a threat", POLICY),
        ("550 5.1.8 <b@y.example>: Sender address rejected: Domain not found", POLICY),
        ("550 5.1.7 bad sender syntax", POLICY),
        ("550 Blocked by Spamhaus, see https://x.example", POLICY),
        ("554 rejected due to DMARC policy", POLICY),
        ("550 5.2.2 mailbox full", OTHER),
        ("552 5.2.2 Over quota", OTHER),
        ("552 5.3.4 Message too large", OTHER),
        ("550 The mailbox is full", OTHER),
        ("550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", OTHER),
        ("550-5.2.1 The user is receiving mail at a rate that prevents more", OTHER),
        ("550 5.6.7 non-ASCII addresses not permitted", OTHER),
        ("554 5.4.6 Too many hops", OTHER),
        ("550 5.4.1 no answer from host", OTHER),
        ("501 syntax error", OTHER),
        ("555 parameters not recognised", OTHER),
        ("550 Requested action not taken: mailbox unavailable", OTHER),  # RFC 5321: or policy
        ("554 Transaction failed", OTHER),
        ("550", OTHER),
        # The words contradict the code: neither an address nor a sender pays for it.
        ("550 5.1.1 blocked as spam", OTHER),
        ("550 5.7.1 user unknown", OTHER),
        # Words inside an address or a link are not about this refusal.
        ("550 rejected <no-such-user.spam@x.example> see https://x.example/policy", OTHER),
        # An address of a machine is no enhanced code.
        ("550 rejected 5.1.1.7", OTHER),
    ],
)  # fmt: skip
def test_whose_fault(line, kind):
    assert judge(line) == Refused(
        permanent=True, kind=kind, detail=f"{line[:3]} {line[4:]}".strip()
    )


@pytest.mark.parametrize(
    "line",
    [
        "451 4.7.1 Greylisting in action, please come back later",
        "450 4.1.1 User unknown in virtual alias table",
        "421 4.7.0 temporarily deferred due to user complaints",
        "452 4.2.2 mailbox full",
        "451 4.7.650 rate limited due to IP reputation",
    ],
)
@pytest.mark.parametrize("stage", Stage)
def test_a_passing_trouble_blames_nobody(line, stage):
    assert judge(line, stage) == Refused(permanent=False, kind=OTHER, detail=line)


@pytest.mark.parametrize("code", [530, 534, 538])
def test_a_server_that_wants_a_login_is_told_apart_from_a_bad_mail(code):
    refused = judge(f"{code} 5.7.0 Authentication required", Stage.SENDER)
    assert (refused.permanent, refused.kind) == (False, POLICY)
    assert "login" in refused.detail
    assert f"{code} 5.7.0 Authentication required" in refused.detail


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("550 5.1.0 Sender rejected", POLICY),
        ("550 not today", POLICY),
        ("550 5.1.1 user unknown", POLICY),
        ("553 5.7.1 Sender address rejected: not owned by user", POLICY),
        ("552 5.3.4 Message size exceeds fixed limit", OTHER),
        ("555 SIZE not understood", OTHER),
    ],
)
def test_a_refused_sender_never_costs_the_recipient_her_address(line, kind):
    assert judge(line, Stage.SENDER).kind is kind


@given(st.integers(400, 599), st.text(), st.sampled_from(Stage))
def test_any_words_are_judged(code, words, stage):
    refused = refusal(stage, Reply(code, (words,)))
    assert refused.permanent is (code >= 500 and code not in (530, 534, 538))
    assert len(refused.detail) < 600


# What the bounce collection calls a refusal, and what we must never make of it.
MAILBOX_REASONS = {"userunknown", "hostunknown", "hasmoved", "suspend"}
NEVER_MAILBOX = {
    "authfailure", "badreputation", "blocked", "contenterror", "mailboxfull", "mesgtoobig",
    "norelaying", "notcompliantrfc", "policyviolation", "rejected", "requireptr", "spamdetected",
    "speeding", "syntaxerror", "systemerror", "networkerror", "expired",
}  # fmt: skip


# Labelled as a full mailbox, though the reply that it quotes is `5.1.1 … User Unknown`.
CONTRADICTED = {"rfc3464-01.eml"}


def bounced_replies():
    """Reason and reply of each bounce in the collection that quotes a 5yz reply."""
    labels = json.loads((BOUNCES / "expected_labels.json").read_text())["labels"]
    for name, expected in sorted(labels.items()):
        message = email.message_from_bytes((BOUNCES / "maildir/bsd" / name).read_bytes())
        codes = [
            re.sub(r"\s+", " ", str(block["Diagnostic-Code"]))
            for part in message.walk()
            if part.get_content_type() == "message/delivery-status"
            for block in part.get_payload()
            if not isinstance(block, str) and block["Diagnostic-Code"]
        ]
        # With several recipients the collection does not say which label is whose.
        if name in CONTRADICTED or not len(codes) == len(expected) == 1:
            continue
        if reply := re.fullmatch(r"smtp; ?(5\d\d)[ -]?(.*)", codes[0], re.IGNORECASE):
            yield expected[0]["reason"], Reply(int(reply[1]), (reply[2],))


@pytest.mark.foreign
def test_real_refusals_of_a_bounce_collection():
    right = Counter()
    total = 0
    for reason, reply in bounced_replies():
        kind = refusal(Stage.RECIPIENT, reply).kind
        assert not (kind is MAILBOX and reason in NEVER_MAILBOX), (reason, reply)
        assert not (kind is POLICY and reason in MAILBOX_REASONS | {"mailboxfull"}), (reason, reply)
        if reason in MAILBOX_REASONS:
            total += 1
            right[kind] += 1
    assert total > 30
    assert right[MAILBOX] / total > 0.85, right
