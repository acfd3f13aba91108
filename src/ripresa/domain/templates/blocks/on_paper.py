"""From the letter's blocks and words to what the compiler of letters takes (MSG-1).

Address, sender, date and the way to ask for no more letters stand in every one: no block of them.
"""

from collections.abc import Mapping
from typing import Any

from ripresa.domain.templates.blocks.document import LETTER_SUBJECT, Block, Document
from ripresa.domain.templates.blocks.shipped_words import shared_words
from ripresa.domain.templates.letters.source import LetterSource, SourceBlock

ROOM_MM = 165  # between the margins of A4
_HALF = 50  # per cent: a picture of no stated width
_KINDS: Mapping[str, str] = {"paragraphs": "text"}


def letter_of(document: Document, language: str) -> LetterSource:
    """The document's letter in one language. Every slot has to have words."""
    said, shared = document.said(language), shared_words(language)
    blocks = [
        SourceBlock(
            _KINDS.get(block.kind, block.kind),
            _words(block, said.get(block.id, ""), shared),
            _options(block),
            number,
            block.when,
        )
        for number, block in enumerate(document.letter, start=1)
    ]
    way_out = f"{shared['letter_stop']} {{{{ links.unsubscribe }}}}"
    last = SourceBlock("small", {"say": way_out}, {}, len(blocks) + 1)
    return LetterSource(said.get(LETTER_SUBJECT, ""), (*blocks, last))


def _words(block: Block, said: str, shared: Mapping[str, str]) -> dict[str, str]:
    match block.kind:
        case "cart":
            one, more = shared["one_more"], shared["more"]
            more = f"{{% if cart.more_count == 1 %}}{one}{{% elif cart.more_count > 1 %}}{more}{{% endif %}}"
            return {"total": shared["total"], "more": more}
        case "coupon":
            until = f"{{% if coupon.expires_at %}}{shared['coupon_until']}{{% endif %}}"
            return {"say": shared["coupon"], "until": until}
        case "signature":
            closing, _, name = said.rstrip().rpartition("\n")
            return {"closing": closing, "name": name}
        case "picture":
            return {}
        case _:
            return {"say": said}


def _options(block: Block) -> dict[str, Any]:
    match block.kind:
        case "coupon":
            return {"qr": block.qr == "yes"}
        case "picture":
            width = ROOM_MM * (block.width or _HALF) // 100
            return {"name": block.media, "width": width, "align": block.align}
        case "signature":
            return {"picture": block.media}
        case _:
            return {}
