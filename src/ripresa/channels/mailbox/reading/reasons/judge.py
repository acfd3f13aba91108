"""From what a mail says of an address to what that means.

In this order: 1. a refusal of the sender is no word about the recipient; 2. the words; 3. the codes.
Suppressing an address is for good, so `unknown` and `disabled` need words or a code that say it and
nothing that says otherwise; what stays open is `unclear`, which harms nobody.
"""

import re

from ripresa.channels.mailbox.reading.reasons.codes import find_reply, find_status, reason_by_codes
from ripresa.channels.mailbox.reading.reasons.words import reasons_by_words, said_plainly
from ripresa.channels.mailbox.reading.values import Action, Evidence, Heard
from ripresa.contracts.channel import RefusalKind
from ripresa.contracts.feedback import BounceReason

_AT_SENDER = re.compile(r"(?:in reply to|after|following|our|>>>|\[)\s*MAIL[ _]FROM", re.IGNORECASE)
_AT_OTHER = re.compile(
    r"(?:in reply to|after|following|our|>>>|\[)\s*(?:the )?(?:end of )?(?:RCPT|DATA|TEXT|BDAT)",
    re.IGNORECASE,
)
# Cisco's gateways, Amazon's among them, put a general phrase of their own before what was really said:
# `5.1.0 - Unknown address error 550-'5.7.1 Access denied'`.
_PARAPHRASE = re.compile(r"\b\d\.\d\.\d{1,3} - [A-Za-z ]{5,50}(?=\d{3}-')")
# Who has no access is the recipient: Microsoft's edge says so (5.4.1) when the directory behind has no
# such address, Postfix when a table of recipients has it as no longer served.
_NO_RECIPIENT = re.compile(r"\brecipient address rejected: access denied", re.IGNORECASE)
_NOT_THE_SENDER = frozenset({BounceReason.CONTENT, BounceReason.NETWORK, BounceReason.EXPIRED})
_LONGEST_DETAIL = 500


def judge(evidence: Evidence) -> Heard:
    """What is heard of one address."""
    if evidence.action is Action.DELIVERED:
        return _heard(evidence, evidence.status, None)
    status = _status(evidence)
    return _heard(evidence, status, _reason(evidence, status))


def _heard(evidence: Evidence, status: str, reason: BounceReason | None) -> Heard:
    is_permanent = (
        evidence.action is Action.FAILED
        and reason is not None
        and reason.kind is RefusalKind.MAILBOX
        and not status.startswith("4.")
    )
    detail = " ".join((evidence.said or evidence.told).split())[:_LONGEST_DETAIL]
    return Heard(evidence.address, evidence.action, is_permanent, status, reason, detail)


def _status(evidence: Evidence) -> str:
    """The code in the refusing server's own words; the reporter's; the class of the reply code."""
    own, told = find_status(_without_paraphrase(evidence.said)), find_status(evidence.told)
    if evidence.status and told[:1] != evidence.status[0]:
        told = ""  # it is about another address, or an earlier try
    found = [status for status in (own, evidence.status, told) if status]
    for status in found:
        if not status.endswith(".0.0"):
            return status
    if found:
        return found[0]
    reply = find_reply(evidence.said) or find_reply(evidence.told)
    if reply:
        return f"{reply[0]}.0.0"
    return "4.0.0" if evidence.action is Action.DELAYED else ""


def _reason(evidence: Evidence, status: str) -> BounceReason:
    is_passing = evidence.action is Action.DELAYED or status.startswith("4.")
    by_words = _by_words(evidence, is_passing=is_passing)
    if by_words is not None:
        return by_words
    reply = find_reply(evidence.said) or find_reply(evidence.told)
    by_codes = reason_by_codes(status, reply)
    if is_passing:
        return _passing(by_codes, evidence.action)
    return by_codes or BounceReason.UNCLEAR


def _passing(by_codes: BounceReason | None, action: Action) -> BounceReason:
    """What a 4yz code means: final, it was tried for too long; and no code of that class ends a mailbox."""
    if by_codes is None or (by_codes is BounceReason.NETWORK and action is Action.FAILED):
        return BounceReason.EXPIRED
    return BounceReason.UNCLEAR if by_codes.kind is RefusalKind.MAILBOX else by_codes


def _by_words(evidence: Evidence, *, is_passing: bool) -> BounceReason | None:
    said, told = (
        said_plainly(_without_paraphrase(text)) for text in (evidence.said, evidence.told)
    )
    if _NO_RECIPIENT.search(said or told):
        return BounceReason.UNKNOWN
    reasons = reasons_by_words(said)
    beside = reasons_by_words(told)
    found = _weigh(reasons or beside, evidence)
    # The recipient was not even asked: no word about a mailbox can be about hers.
    if found not in _NOT_THE_SENDER and not is_passing and _is_about_sender(evidence):
        return BounceReason.POLICY
    if found is BounceReason.UNKNOWN and BounceReason.FULL in beside:
        return BounceReason.FULL  # there is no full mailbox without a mailbox
    return found


def _weigh(reasons: list[BounceReason], evidence: Evidence) -> BounceReason | None:
    """The most telling of several reasons; words against each other leave it to the codes."""
    contrary = {BounceReason.POLICY, BounceReason.UNKNOWN}
    if reasons and reasons[0] in contrary and contrary <= set(reasons):
        by_codes = reason_by_codes(find_status(evidence.said) or evidence.status, "")
        if by_codes in contrary:
            return by_codes
        return BounceReason.POLICY if reasons[0] is BounceReason.POLICY else BounceReason.UNCLEAR
    return reasons[0] if reasons else None


def _without_paraphrase(text: str) -> str:
    return _PARAPHRASE.sub("", text)


def _is_about_sender(evidence: Evidence) -> bool:
    text = evidence.said + "\n" + evidence.told
    at_sender = [match.start() for match in _AT_SENDER.finditer(text[:4000])]
    at_other = [match.start() for match in _AT_OTHER.finditer(text[:4000])]
    return bool(at_sender) and not at_other
