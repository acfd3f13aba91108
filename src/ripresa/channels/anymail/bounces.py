"""Why a mail did not arrive, from what the service says and what the receiving server said.

The receiving server's enhanced code (RFC 3463, registry of RFC 5248) comes first, for a service's "hard
bounce" may be a refusal of the sender (5.7.x), which must never suppress an address (CNS-3). Then the
service's own word, then the server's words, then anymail's rough reason.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ripresa.channels.anymail.service import Told
from ripresa.contracts.feedback import BounceReason


class Bounce(NamedTuple):
    """Why, and whether for good."""

    reason: BounceReason
    is_permanent: bool


_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODES: Mapping[str, BounceReason] = {
    "1.1": BounceReason.UNKNOWN,
    "1.2": BounceReason.UNKNOWN,
    "1.3": BounceReason.UNKNOWN,
    "1.6": BounceReason.DISABLED,
    "1.7": BounceReason.POLICY,
    "1.8": BounceReason.POLICY,
    "1.10": BounceReason.UNKNOWN,
    "2.1": BounceReason.DISABLED,
    "2.2": BounceReason.FULL,
    "2.3": BounceReason.CONTENT,
    "3.4": BounceReason.CONTENT,
    "4.1": BounceReason.NETWORK,
    "4.2": BounceReason.NETWORK,
    "4.4": BounceReason.NETWORK,
    "4.7": BounceReason.EXPIRED,
}
_SUBJECTS: Mapping[str, BounceReason] = {"6": BounceReason.CONTENT, "7": BounceReason.POLICY}
_WORDS: tuple[tuple[re.Pattern[str], BounceReason], ...] = (
    (re.compile(r"quota|\bfull\b|exceed\w* .{0,20}storage", re.IGNORECASE), BounceReason.FULL),
    (
        re.compile(
            r"\b(?:disabled|deactivated|inactive|suspended|closed|discontinued)\b", re.IGNORECASE
        ),
        BounceReason.DISABLED,
    ),
    (
        re.compile(
            r"(?:user|recipient|mailbox|address|account)\b[^.;]{0,40}?"
            r"\b(?:unknown|not found|doesn't exist|does not exist|not exist|unavailable)"
            r"|\b(?:unknown|no such|invalid) (?:user|recipient|mailbox|address|account)"
            r"|\b(?:host|domain)\b[^.;]{0,40}\b(?:not found|unknown|does not exist)"
            r"|unable to find mx|no mx",
            re.IGNORECASE,
        ),
        BounceReason.UNKNOWN,
    ),
    (
        re.compile(
            r"\bspam|block\s?list|black\s?list|reputation|\bpolic|dmarc|\bdkim\b|\bspf\b|blocked",
            re.IGNORECASE,
        ),
        BounceReason.POLICY,
    ),
)
_POLICY_WORDS = _WORDS[-1][0]
# What anymail makes of a refusal that never left the service.
_HELD_BACK: Mapping[str, BounceReason] = {
    "invalid": BounceReason.UNKNOWN,
    "timed_out": BounceReason.EXPIRED,
    "blocked": BounceReason.POLICY,
    "spam": BounceReason.OPTED_OUT,
    "unsubscribed": BounceReason.OPTED_OUT,
}


def read_bounce(event: Any, told: Told) -> Bounce:
    """The reason of an event of anymail's that says bounced, rejected or failed."""
    words = " ".join(str(text) for text in (event.mta_response, event.description) if text)
    status = _STATUS.search(words)
    by_code = _by_code(status, words) if status else None
    reason = (
        by_code
        or told.reason
        or _by_words(words)
        or _HELD_BACK.get(event.reject_reason or "")
        # A service that calls an address dead, and says no more.
        or (BounceReason.UNKNOWN if told.is_hard else BounceReason.UNCLEAR)
    )
    return Bounce(reason, _is_permanent(event, told, status))


def _is_permanent(event: Any, told: Told, status: re.Match[str] | None) -> bool:
    if told.is_hard is not None:
        return told.is_hard
    if status is not None:
        return status[1] == "5"
    return str(event.event_type) in {"rejected", "failed"}


def _by_code(status: re.Match[str], words: str) -> BounceReason | None:
    reason = _CODES.get(f"{status[2]}.{status[3]}", _SUBJECTS.get(status[2]))
    if reason is BounceReason.POLICY and _by_words(words) is BounceReason.UNKNOWN:
        # `5.7.1 User unknown`: the code and the words speak of different things.
        return BounceReason.UNCLEAR
    if reason is BounceReason.UNKNOWN and _POLICY_WORDS.search(words):
        return BounceReason.UNCLEAR
    return reason


def _by_words(words: str) -> BounceReason | None:
    return next((reason for pattern, reason in _WORDS if pattern.search(words)), None)
