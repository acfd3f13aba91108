"""What Twilio's answers and error codes mean. Source: its list of error codes and its libraries."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused, Unknown
from ripresa.contracts.feedback import BounceReason
from ripresa.core.http.client import Answer

# Asked to send: the number does not exist, or is none that takes short messages.
_NO_SUCH_NUMBER = frozenset({21211, 21214, 21217, 21614})
# The account, its numbers and its rights: nothing gets through until someone mends it.
_TO_BE_MENDED = frozenset(
    {
        *(20003, 20005, 20006, 20404),  # credentials, account suspended, not found
        *(21408, 21212, 21603, 21606, 21659, 21660, 21703, 21704),  # country, sender, service
        *(30002, 30034),  # account suspended, number not registered with the carriers
    }
)
_PASSING = frozenset({20429, 21611, 30001})  # too many at once, queues full

# Told later: why it did not arrive, and whether that is for good.
_BOUNCES: Mapping[str, tuple[BounceReason, bool]] = {
    "21211": (BounceReason.UNKNOWN, True),
    "21610": (BounceReason.OPTED_OUT, True),
    "21614": (BounceReason.UNKNOWN, True),
    "30001": (BounceReason.NETWORK, False),
    "30002": (BounceReason.POLICY, False),
    "30003": (BounceReason.NETWORK, False),  # phone switched off or out of reach
    "30004": (BounceReason.UNCLEAR, True),  # blocked, by the carrier or by the person
    "30005": (BounceReason.UNKNOWN, True),  # no such number, or no longer
    "30006": (BounceReason.UNKNOWN, True),  # a landline, or a carrier that can't be reached
    "30007": (BounceReason.POLICY, True),  # filtered as against the rules
    "30008": (BounceReason.UNCLEAR, False),
    "30010": (BounceReason.CREDIT, False),  # dearer than allowed
    "30032": (BounceReason.POLICY, False),  # toll-free number not verified
    "30034": (BounceReason.POLICY, False),  # number not registered with the carriers
    "30036": (BounceReason.EXPIRED, True),
}


def fate_of(answer: Answer) -> Fate:
    """What became of a message; Unknown where it may have been taken all the same."""
    said = _object(answer)
    if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED}:
        if said.get("sid"):
            return Accepted(str(said["sid"]))
        return Unknown(f"Twilio answered {answer.status} without a sid: {answer.text[:200]}")
    detail = f"Twilio {said.get('code', answer.status)}: {said.get('message', answer.text[:200])}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return passing(detail)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(detail)
    return _refusal(said.get("code"), answer.status, detail)


def bounce(code: str) -> tuple[BounceReason, bool]:
    """Why a message did not arrive, and whether that is for good."""
    return _BOUNCES.get(code, (BounceReason.UNCLEAR, False))


def _refusal(code: Any, status: int, detail: str) -> Refused:
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
    if code in _TO_BE_MENDED or status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return lasting(detail)
    if code in _NO_SUCH_NUMBER:
        return Refused(permanent=True, kind=RefusalKind.MAILBOX, detail=detail)
    return passing(detail) if code in _PASSING else impossible(detail)


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
