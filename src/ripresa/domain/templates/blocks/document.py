"""What a merchant's own template is made of: blocks in order, and their words by language.

`words` holds for each language the texts by slot: `subject`, `preheader`, `sms`, `why` (the first line
of the foot; empty: as every mail has it), `letter_subject`, and the id of each block that says something.
So a template speaks a language in a channel once every slot of it is filled. A text block's words are
HTML that `richtext` has cleaned, those of a raw block MJML, all others plain. A mail and a letter have
blocks of their own, with ids that are never the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

import msgspec

from ripresa.domain.templates.blocks.older import brought_up_to_date

Kind = Literal[
    "heading", "text", "button", "image", "divider", "spacer", "columns", "product", "social",
    "cart", "coupon", "raw", "paragraphs", "qr", "picture", "signature", "small",
]  # fmt: skip
# What a mail may hold, and what a letter may: the cart and the coupon stand in both.
KINDS: tuple[Kind, ...] = get_args(Kind)[:12]
LETTER_KINDS: tuple[Kind, ...] = (
    "paragraphs",
    "cart",
    "coupon",
    "qr",
    "picture",
    "signature",
    "small",
)
Align = Literal["left", "center", "right"]
# Whom a block is for: everybody, whoever holds a coupon or none, whoever has bought before or never.
When = Literal["always", "coupon", "no_coupon", "bought", "new"]
Split = Literal["1:1", "1:2", "2:1", "1:1:1"]
Product = Literal["first", "own"]
YesNo = Literal["yes", "no"]
ALIGNS: tuple[Align, ...] = get_args(Align)
WHENS: tuple[When, ...] = get_args(When)
SPLITS: tuple[Split, ...] = get_args(Split)
PRODUCTS: tuple[Product, ...] = get_args(Product)
YES_NO: tuple[YesNo, ...] = get_args(YesNo)
# Blocks that say something, and so want words in each language; the others bring theirs along.
WORDED: frozenset[Kind] = frozenset(
    {"heading", "text", "button", "image", "raw", "paragraphs", "qr", "signature", "small"}
)
# What is too wide for a column, or holds columns itself.
WIDE: frozenset[Kind] = frozenset({"columns", "cart", "coupon", "raw"})
MOST_BLOCKS = 60
LONGEST_WORDS = 5_000
LONGEST_MJML = 50_000
SUBJECT, PREHEADER, SMS, WHY = "subject", "preheader", "sms", "why"
LETTER_SUBJECT = "letter_subject"
# What has words beside the blocks.
SLOTS = (SUBJECT, PREHEADER, SMS, WHY, LETTER_SUBJECT)


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """One block. `link`: where a button or an image leads; empty: back to the cart.

    `media` is the key of an uploaded picture, `source` the address of one elsewhere. `above` and `below`
    are empty pixels, `height` a spacer's, `width` per cent of the room there is; None: as usual. Colours
    are #rrggbb, empty: the brand's. `cells` are the columns of a columns block, `split` their widths.
    `price`: what a product of the author's choice costs, as readers are to see it. `qr`: whether a letter's
    coupon has a code to scan.
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
    qr: YesNo = "yes"

    @property
    def is_worded(self) -> bool:
        """Whether it wants words in each language."""
        return self.kind in WORDED or (self.kind == "product" and self.product == "own")


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A template as its author made it. Changed by making another one."""

    version: int = 2
    blocks: tuple[Block, ...] = ()
    letter: tuple[Block, ...] = ()
    words: dict[str, dict[str, str]] = {}

    def walk(self) -> Iterator[Block]:
        """Every block of the mail, those in columns after the block that holds them; then the letter's."""
        yield from self.walk_mail()
        yield from self.letter

    def walk_mail(self) -> Iterator[Block]:
        """Every block of the mail, those in columns after the block that holds them."""
        for block in self.blocks:
            yield block
            for cell in block.cells:
                yield from cell

    def said(self, language: str) -> Mapping[str, str]:
        """The words of a language by slot."""
        return self.words.get(language, {})

    def missing(self, language: str) -> list[str]:
        """The slots of the mail that are still empty in a language; the preheader may be."""
        return self._empty(language, SUBJECT, self.walk_mail())

    def missing_in_letter(self, language: str) -> list[str]:
        """The slots of the letter that are still empty in a language."""
        return self._empty(language, LETTER_SUBJECT, self.letter)

    def _empty(self, language: str, head: str, blocks: Iterable[Block]) -> list[str]:
        said = self.said(language)
        slots = [head, *(block.id for block in blocks if block.is_worded)]
        return [slot for slot in slots if not said.get(slot, "").strip()]

    def speaks(self, channel: str, language: str) -> bool:
        """Whether there are words for every slot of this channel."""
        if channel == "sms":
            return bool(self.said(language).get(SMS, "").strip())
        if channel == "letter":
            return bool(self.letter) and not self.missing_in_letter(language)
        return channel == "email" and bool(self.blocks) and not self.missing(language)

    def with_blocks(self, blocks: tuple[Block, ...]) -> "Document":
        """The same words over other blocks; words of blocks that are gone go with them."""
        return _tidied(msgspec.structs.replace(self, blocks=blocks))

    def with_letter(self, letter: tuple[Block, ...]) -> "Document":
        """The same with other blocks of the letter; words of blocks that are gone go with them."""
        return _tidied(msgspec.structs.replace(self, letter=letter))

    def with_words(self, language: str, slot: str, text: str) -> "Document":
        """Other words in one slot."""
        said = {**self.said(language), slot: text}
        return msgspec.structs.replace(self, words={**self.words, language: said})


def _tidied(document: Document) -> Document:
    """Without the words of blocks that are gone."""
    kept = {*SLOTS, *(block.id for block in document.walk())}
    words = {
        language: {slot: text for slot, text in said.items() if slot in kept}
        for language, said in document.words.items()
    }
    return msgspec.structs.replace(document, words=words)


def load(stored: Any) -> Document:
    """A document as the table keeps it, whatever its version. Raises msgspec.ValidationError."""
    return msgspec.convert(brought_up_to_date(stored), Document)


def dump(document: Document) -> dict[str, Any]:
    """As the table keeps it."""
    kept = msgspec.to_builtins(document)
    return {**kept, "version": document.version}
