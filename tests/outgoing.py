"""Short messages and letters as the outbox hands them to a channel, for every test that needs some."""

import io
from dataclasses import replace
from typing import Any

import pikepdf

from ripresa.contracts.channel import (
    Mailbox,
    OutgoingLetter,
    OutgoingNotice,
    OutgoingSms,
    PostalAddress,
)

_SMS = OutgoingSms(
    idempotency_key="sample",
    sender="Enoteca",
    recipient="+393331234567",
    text="Il tuo carrello è ancora qui: https://x.example/r/1",
    language="it",
)
ADDRESS = PostalAddress("Ben Rossi", ("Via Roma 1",), "00184", "Roma", "RM", "IT")


def blank_pdf(pages: int = 1) -> bytes:
    """A4 pages without anything on them."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595.28, 841.89))
        pdf.save(written)
    return written.getvalue()


_PDF = blank_pdf()
_LETTER = OutgoingLetter(
    idempotency_key="sample",
    recipient=ADDRESS,
    address_lines=("Ben Rossi", "Via Roma 1", "00184 ROMA RM"),
    subject="Il tuo carrello",
    text="Gentile Ben,\n\nil tuo carrello è ancora qui.",
    language="it",
    code="AAAAA-AAAAA",
    pages=1,
    pdf=_PDF,
)


_NOTICE = OutgoingNotice(
    idempotency_key="sample",
    recipient=Mailbox("Sara", "sara@shop.example"),
    subject="Carrello abbandonato: 2.000,00 €",
    text="Ciao Sara,\n\nun cliente ha lasciato un carrello.",
    language="it",
    sent_at_epoch=1_790_000_000,
)


def a_notice(number: int = 0, **changes: Any) -> OutgoingNotice:
    """A notice that differs from others by `number` in what a real one differs in."""
    return replace(replace(_NOTICE, idempotency_key=f"n{number}"), **changes)


def an_sms(number: int = 0, **changes: Any) -> OutgoingSms:
    """A short message that differs from others by `number` in what a real one differs in."""
    numbered = replace(_SMS, idempotency_key=f"s{number}", recipient=f"+39333{number:07}")
    return replace(numbered, **changes)


def a_letter(number: int = 0, **changes: Any) -> OutgoingLetter:
    """A letter that differs from others by `number` in what a real one differs in."""
    to = replace(ADDRESS, lines=(f"Via Roma {number + 1}",))
    return replace(replace(_LETTER, idempotency_key=f"l{number}", recipient=to), **changes)
