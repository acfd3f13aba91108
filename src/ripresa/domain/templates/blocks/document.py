"""What a merchant's own template is made of: blocks in order, and their words by language.

`words` holds for each language the texts by slot: `subject`, `preheader`, `sms`, `why` (the first line
of the foot; empty: as every mail has it), and the id of each block that says something. So a template
speaks a language in a channel once every slot of it is filled. A text block's words are HTML that
`richtext` has cleaned, those of a raw block MJML, all others plain.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import msgspec

from ripresa.domain.templates.blocks.older import brought_up_to_date

Kind = Literal[
    "heading", "text", "button", "image", "divider", "spacer", "columns", "product", "social",
    "cart", "coupon", "raw",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Align = Literal["left", "center", "right"]
# Whom a block is for: everybody, whoever holds a coupon or none, whoever has bought before or never.
When = Literal["always", "coupon", "no_coupon", "bought", "new"]
Split = Literal["1:1", "1:2", "2:1", "1:1:1"]
Product = Literal["first", "own"]
ALIGNS: tuple[Align, ...] = get_args(Align)
WHENS: tuple[When, ...] = get_args(When)
SPLITS: tuple[Split, ...] = get_args(Split)
PRODUCTS: tuple[Product, ...] = get_args(Product)
# Blocks that say something, and so want words in each language; the others bring theirs along.
WORDED: frozenset[Kind] = frozenset({"heading", "text", "button", "image", "raw"})
# What is too wide for a column, or holds columns itself.
WIDE: frozenset[Kind] = frozenset({"columns", "cart", "coupon", "raw"})
MOST_BLOCKS = 60
LONGEST_WORDS = 5_000
LONGEST_MJML = 50_000
SUBJECT, PREHEADER, SMS, WHY = "subject", "preheader", "sms", "why"
# What has words beside the blocks.
SLOTS = (SUBJECT, PREHEADER, SMS, WHY)


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """One block. `link`: where a button or an image leads; empty: back to the cart.

    `media` is the key of an uploaded picture, `source` the address of one elsewhere. `above` and `below`
    are empty pixels, `height` a spacer's, `width` per cent of the room there is; None: as usual. Colours
    are #rrggbb, empty: the brand's. `cells` are the columns of a columns block, `split` their widths.
    `price`: what a product of the author's choice costs, as readers are to see it.
    """

    id: str
    kind: Kind
    link: str = ""
    source: str = ""
    media: str = ""
    align: Align = "left"
    height: int = 24
    above: int | None = None
    below: int | None = None
    width: int | None = None
    size: int | None = None
    colour: str = ""
    background: str = ""
    when: When = "always"
    split: Split = "1:1"
    cells: tuple[tuple["Block", ...], ...] = ()
    product: Product = "first"
    price: str = ""

    @property
    def is_worded(self) -> bool:
        """Whether it wants words in each language."""
        return self.kind in WORDED or (self.kind == "product" and self.product == "own")


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A template as its author made it. Changed by making another one."""

    version: int = 2
    blocks: tuple[Block, ...] = ()
    words: dict[str, dict[str, str]] = {}

    def walk(self) -> Iterator[Block]:
        """Every block, those in columns after the block that holds them."""
        for block in self.blocks:
            yield block
            for cell in block.cells:
                yield from cell

    def said(self, language: str) -> Mapping[str, str]:
        """The words of a language by slot."""
        return self.words.get(language, {})

    def missing(self, language: str) -> list[str]:
        """The slots of the mail that are still empty in a language; the preheader may be."""
        said = self.said(language)
        slots = [SUBJECT, *(block.id for block in self.walk() if block.is_worded)]
        return [slot for slot in slots if not said.get(slot, "").strip()]

    def speaks(self, channel: str, language: str) -> bool:
        """Whether there are words for every slot of this channel."""
        if channel == "sms":
            return bool(self.said(language).get(SMS, "").strip())
        return channel == "email" and bool(self.blocks) and not self.missing(language)

    def with_blocks(self, blocks: tuple[Block, ...]) -> "Document":
        """The same words over other blocks; words of blocks that are gone go with them."""
        changed = msgspec.structs.replace(self, blocks=blocks)
        kept = {*SLOTS, *(block.id for block in changed.walk())}
        words = {
            language: {slot: text for slot, text in said.items() if slot in kept}
            for language, said in self.words.items()
        }
        return msgspec.structs.replace(changed, words=words)

    def with_words(self, language: str, slot: str, text: str) -> "Document":
        """Other words in one slot."""
        said = {**self.said(language), slot: text}
        return msgspec.structs.replace(self, words={**self.words, language: said})


def load(stored: Any) -> Document:
    """A document as the table keeps it, whatever its version. Raises msgspec.ValidationError."""
    return msgspec.convert(brought_up_to_date(stored), Document)


def dump(document: Document) -> dict[str, Any]:
    """As the table keeps it."""
    kept = msgspec.to_builtins(document)
    return {**kept, "version": document.version}
