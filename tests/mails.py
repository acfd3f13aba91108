"""Mails as the outbox hands them to a channel, for every test that needs some."""

from dataclasses import replace
from typing import Any

from ripresa.contracts.channel import Mailbox, OutgoingEmail

_SAMPLE = OutgoingEmail(
    message_key="sample",
    message_id="sample@mail.enoteca.example",
    sent_at_epoch=1_772_532_000,  # Tue, 03 Mar 2026 10:00:00 UTC
    sender=Mailbox("Enoteca Città", "shop@enoteca.example"),
    recipient=Mailbox("Ben Rossi", "ben@people.example"),
    reply_to=Mailbox("", "help@enoteca.example"),
    envelope_from="b+token@bounce.enoteca.example",
    subject="Il tuo carrello è ancora qui",
    html='<p style="color:#333">Barolo, 49,90 €</p>\n<p><a href="https://x.example/r/1">Torna</a></p>\n',
    text="Barolo, 49,90 €\nhttps://x.example/r/1\n",
    unsubscribe_url="https://enoteca.example/u/abc",
    language="it",
)


def an_email(number: int = 0, **changes: Any) -> OutgoingEmail:
    """A mail that differs from others by `number` in what a real one differs in."""
    numbered = replace(
        _SAMPLE,
        message_key=f"m{number}",
        message_id=f"m{number}@mail.enoteca.example",
        recipient=Mailbox("Ben Rossi", f"ben{number}@people.example"),
    )
    return replace(numbered, **changes)
