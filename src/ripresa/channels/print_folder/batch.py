"""A batch of letters as files: one PDF for the printer, its list for people and for programs."""

import hashlib
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pikepdf

from ripresa.channels.print_folder.settings import FolderSettings
from ripresa.contracts.channel import OutgoingLetter
from ripresa.core.delimited.writing import as_csv

_A4 = (595.28, 841.89)


def put_batch(name: str, letters: Sequence[OutgoingLetter], settings: FolderSettings) -> None:
    """Put a batch into the folder. It is whole once its PDF is there: that one comes last."""
    pdf, first_pages = joined(letters, is_duplex=settings.is_duplex)
    rows = [
        _row(letter, first, settings) for letter, first in zip(letters, first_pages, strict=True)
    ]
    listed = {"batch": name, "window": settings.window.name, "letters": rows}
    _put(settings.folder / f"{name}.csv", _listed(rows))
    _put(
        settings.folder / f"{name}.json", json.dumps(listed, indent=2, ensure_ascii=False).encode()
    )
    _put(settings.folder / f"{name}.pdf", pdf)


def joined(letters: Sequence[OutgoingLetter], *, is_duplex: bool) -> tuple[bytes, list[int]]:
    """All letters in one PDF, and the page (from 1) on which each begins.

    Printed on both sides, a letter of an odd number of pages is followed by a blank one.
    """
    first_pages = []
    with pikepdf.new() as whole:
        for letter in letters:
            first_pages.append(len(whole.pages) + 1)
            with pikepdf.open(io.BytesIO(letter.pdf)) as one:
                whole.pages.extend(one.pages)
            if is_duplex and letter.pages % 2:
                whole.add_blank_page(page_size=_A4)
        _share_fonts(whole)
        written = io.BytesIO()
        whole.save(written, deterministic_id=True)
    return written.getvalue(), first_pages


def _share_fonts(pdf: pikepdf.Pdf) -> None:
    """Letters set together bring the same font files: each is kept once."""
    kept: dict[bytes, pikepdf.Object] = {}
    for descriptor in pdf.objects:
        if not isinstance(descriptor, pikepdf.Dictionary) or "/FontFile2" not in descriptor:
            continue
        font = descriptor.FontFile2
        digest = hashlib.sha256(font.read_raw_bytes()).digest()
        descriptor.FontFile2 = kept.setdefault(digest, font)


def _row(letter: OutgoingLetter, first_page: int, settings: FolderSettings) -> dict[str, object]:
    price = settings.price(letter)
    return {
        "code": letter.code,
        "first_page": first_page,
        "pages": letter.pages,
        "address": "\n".join(letter.address_lines),
        "country": letter.recipient.country,
        "cost": str(price.decimal()),
        "currency": price.currency,
        "key": letter.idempotency_key,
    }


def _listed(rows: Sequence[dict[str, object]]) -> bytes:
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    # With its mark, a table program reads it as UTF-8.
    return as_csv(lines).encode("utf-8-sig")


def _put(path: Path, content: bytes) -> None:
    """Write a file under another name and move it: nobody ever finds half of it."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
