"""Bounces that Amazon SES tells by mail: its JSON event (Amazon SNS) as the text of a mail."""

import json
from collections.abc import Mapping
from typing import Any

from ripresa.channels.mailbox.reading.values import Action, Evidence

_LONGEST = 64 << 10
_MOST_RECIPIENTS = 100


def read_ses_event(text: str) -> list[Evidence]:
    """What the event says of each address; empty: the text is none."""
    text = text[:_LONGEST].lstrip()
    if not text.startswith('{"') or "Bounce" not in text:
        return []
    try:
        told, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return []
    bounce = told.get("bounce") if isinstance(told, dict) else None
    recipients = bounce.get("bouncedRecipients") if isinstance(bounce, dict) else None
    if not isinstance(recipients, list):
        return []
    return [
        _evidence(each)
        for each in recipients[:_MOST_RECIPIENTS]
        if isinstance(each, dict) and isinstance(each.get("emailAddress"), str)
    ]


def _evidence(recipient: Mapping[str, Any]) -> Evidence:
    said = str(recipient.get("diagnosticCode") or "")
    return Evidence(
        address=recipient["emailAddress"],
        action=Action.DELAYED if recipient.get("action") == "delayed" else Action.FAILED,
        status=str(recipient.get("status") or "")[:12],
        said=said.partition(";")[2] or said,
    )
