"""What SMSAPI's answers mean. Protocol: its official clients for Python, PHP and C#.

An error comes with any status, 200 included, so the body is looked at first.
"""

from collections.abc import Mapping
from typing import Any

from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.channel import Accepted, Fate, RefusalKind, Refused
from ripresa.core.http.client import Answer

_KEY_USED_BEFORE = 53
_CREDIT = 103
_NO_SUCH_NUMBER = 13
# The account, its sender name or its settings: nothing gets through until someone mends it.
_TO_BE_MENDED = frozenset({14, 70, 94, 101, 102, 105, 110, 1000, 1001})
_PASSING = frozenset({8, 201, 666, 999})


def fate_of(answer: Answer, key: str) -> Fate:
    """What became of the message whose key (their `idx`) is `key`."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        # They know the key, so asking again is safe whatever has happened.
        return passing(f"SMSAPI answered {answer.status}: {answer.text[:200]}")
    if said.get("error") is not None:
        return refusal(said["error"], str(said.get("message", "")), key)
    sent = _first(said)
    if sent.get("error") is not None:
        return refusal(sent["error"], str(sent.get("message", "")), key)
    if sent.get("id"):
        return Accepted(str(sent["id"]))
    return passing(f"SMSAPI answered {answer.status} without an id: {answer.text[:200]}")


def refusal(code: Any, words: str, key: str) -> Fate:
    """What an error code means."""
    detail = f"SMSAPI {code}: {words}"
    try:
        number = int(code)
    except (TypeError, ValueError):
        return impossible(detail)
    if number == _KEY_USED_BEFORE:
        return Accepted(f"idx {key}")
    if number == _CREDIT:
        return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
    if number == _NO_SUCH_NUMBER:
        return Refused(permanent=True, kind=RefusalKind.MAILBOX, detail=detail)
    if number in _TO_BE_MENDED:
        return lasting(detail)
    return passing(detail) if number in _PASSING else impossible(detail)


def _first(said: Mapping[str, Any]) -> Mapping[str, Any]:
    sent = said.get("list")
    if isinstance(sent, list) and sent and isinstance(sent[0], dict):
        return sent[0]
    return {}
