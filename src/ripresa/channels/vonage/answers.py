"""What Vonage's answers mean: one status for each part of a message. Source: its list of SMS errors."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown
from ripresa.contracts.feedback import BounceReason
from ripresa.core.http.client import Answer

_TAKEN = "0"
_CREDIT = frozenset({"9"})
_PASSING = frozenset({"1", "5", "10"})  # throttled, trouble at theirs, too many connections
# Credentials, account, signature, sender, a destination that is not on the account's list.
_TO_BE_MENDED = frozenset({"4", "8", "14", "15", "29"})
_NO_SUCH_NUMBER = frozenset({"33"})  # the number is switched off

# Reports: why it did not arrive (`err-code`), and whether that is for good.
_BOUNCES: Mapping[str, tuple[BounceReason, bool]] = {
    "2": (BounceReason.NETWORK, False),  # absent for now
    "3": (BounceReason.UNKNOWN, True),  # absent for good: no such subscriber
    "4": (BounceReason.OPTED_OUT, True),  # barred by the person
    "5": (BounceReason.NETWORK, False),
    "6": (BounceReason.POLICY, True),  # taken for spam
    "7": (BounceReason.NETWORK, False),
    "8": (BounceReason.NETWORK, False),
    "9": (BounceReason.UNKNOWN, True),  # a number that can't be
    "10": (BounceReason.CONTENT, True),
    "11": (BounceReason.NETWORK, False),
    "12": (BounceReason.NETWORK, False),
    "14": (BounceReason.OPTED_OUT, True),  # barred by the carrier
}


def fate_of(answer: Answer) -> Fate:
    """What became of a message."""
    parts = _parts(answer)
    if not parts:
        return _without_parts(answer)
    statuses = [str(part.get("status")) for part in parts]
    taken = statuses.count(_TAKEN)
    if taken == len(parts):
        return Accepted(str(parts[0].get("message-id", "")) or "no id")
    bad = next(part for part in parts if str(part.get("status")) != _TAKEN)
    detail = f"Vonage {bad.get('status')}: {bad.get('error-text', '')}"
    if taken:
        return Unknown(f"{taken} of {len(parts)} parts were taken: {detail}")
    return _refusal(str(bad.get("status")), detail)


def bounce(code: str) -> tuple[BounceReason, bool]:
    """Why a message did not arrive, and whether that is for good."""
    return _BOUNCES.get(code, (BounceReason.UNCLEAR, False))


def _refusal(status: str, detail: str) -> Refused:
    if status in _CREDIT:
        return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
    if status in _NO_SUCH_NUMBER:
        return Refused(permanent=True, kind=RefusalKind.MAILBOX, detail=detail)
    if status in _TO_BE_MENDED:
        return lasting(detail)
    return passing(detail) if status in _PASSING else impossible(detail)


def _without_parts(answer: Answer) -> Fate:
    """An error of the API itself, in whatever form (problem+json, HTML): its words are kept."""
    detail = f"Vonage answered {answer.status}: {answer.text[:200]}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return passing(detail)
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or "low-balance" in answer.text:
        return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        is_about_us = answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        return lasting(detail) if is_about_us else impossible(detail)
    return Unknown(detail)


def _parts(answer: Answer) -> Sequence[Mapping[str, Any]]:
    try:
        said = answer.json()
    except ValueError:
        return ()
    listed = said.get("messages") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(part, dict) for part in listed):
        return ()
    return listed
