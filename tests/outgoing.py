"""Short messages and letters as the outbox hands them to a channel, for every test that needs some."""

from dataclasses import replace
from typing import Any

from ripresa.contracts.channel import OutgoingLetter, OutgoingSms, PostalAddress

_SMS = OutgoingSms(
    idempotency_key="sample",
    sender="Enoteca",
    recipient="+393331234567",
    text="Il tuo carrello è ancora qui: https://x.example/r/1",
    language="it",
)
ADDRESS = PostalAddress("Ben Rossi", ("Via Roma 1",), "00184", "Roma", "RM", "IT")
_LETTER = OutgoingLetter(
    idempotency_key="sample",
    sender="Enoteca Città\nVia Po 2\n10121 Torino",
    recipient=ADDRESS,
    subject="Il tuo carrello",
    paragraphs=("Gentile Ben,", "il tuo carrello è ancora qui."),
    language="it",
)


def an_sms(number: int = 0, **changes: Any) -> OutgoingSms:
    """A short message that differs from others by `number` in what a real one differs in."""
    numbered = replace(_SMS, idempotency_key=f"s{number}", recipient=f"+39333{number:07}")
    return replace(numbered, **changes)


def a_letter(number: int = 0, **changes: Any) -> OutgoingLetter:
    """A letter that differs from others by `number` in what a real one differs in."""
    to = replace(ADDRESS, lines=(f"Via Roma {number + 1}",))
    return replace(replace(_LETTER, idempotency_key=f"l{number}", recipient=to), **changes)
