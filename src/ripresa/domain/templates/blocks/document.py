"""What a merchant's own template is made of: blocks in order, and their words by language.

`words` holds for each language the texts by slot: `subject`, `preheader`, `sms`, and the id of each block
that says something. So a template speaks a language in a channel once every slot of it is filled.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

Kind = Literal["heading", "text", "button", "image", "divider", "spacer", "cart", "coupon"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Blocks that say something, and so want words in each language; the others bring theirs along.
WORDED: frozenset[Kind] = frozenset({"heading", "text", "button", "image"})
MOST_BLOCKS = 60
LONGEST_WORDS = 5_000
SUBJECT, PREHEADER, SMS = "subject", "preheader", "sms"


class Block(msgspec.Struct, frozen=True):
    """One block. `link`: where a button or an image leads; empty: back to the cart.

    `source` is an image's address, `align` left or center, `height` a spacer's in pixels.
    """

    id: str
    kind: Kind
    link: str = ""
    source: str = ""
    align: Literal["left", "center"] = "left"
    height: int = 24


class Document(msgspec.Struct, frozen=True):
    """A template as its author made it. Changed by making another one."""

    version: Literal[1] = 1
    blocks: tuple[Block, ...] = ()
    words: dict[str, dict[str, str]] = {}

    def said(self, language: str) -> Mapping[str, str]:
        """The words of a language by slot."""
        return self.words.get(language, {})

    def missing(self, language: str) -> list[str]:
        """The slots of the mail that are still empty in a language; the preheader may be."""
        said = self.said(language)
        slots = [SUBJECT, *(block.id for block in self.blocks if block.kind in WORDED)]
        return [slot for slot in slots if not said.get(slot, "").strip()]

    def speaks(self, channel: str, language: str) -> bool:
        """Whether there are words for every slot of this channel."""
        if channel == "sms":
            return bool(self.said(language).get(SMS, "").strip())
        return channel == "email" and bool(self.blocks) and not self.missing(language)

    def with_blocks(self, blocks: tuple[Block, ...]) -> "Document":
        """The same words over other blocks; words of blocks that are gone go with them."""
        kept = {SUBJECT, PREHEADER, SMS, *(block.id for block in blocks)}
        words = {
            language: {slot: text for slot, text in said.items() if slot in kept}
            for language, said in self.words.items()
        }
        return msgspec.structs.replace(self, blocks=blocks, words=words)

    def with_words(self, language: str, slot: str, text: str) -> "Document":
        """Other words in one slot."""
        said = {**self.said(language), slot: text[:LONGEST_WORDS]}
        return msgspec.structs.replace(self, words={**self.words, language: said})


def load(stored: object) -> Document:
    """A document as the table keeps it. Raises msgspec.ValidationError."""
    return msgspec.convert(stored, Document)


def dump(document: Document) -> dict[str, object]:
    """As the table keeps it."""
    kept = msgspec.to_builtins(document)
    return dict(kept)
