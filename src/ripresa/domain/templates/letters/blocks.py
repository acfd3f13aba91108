"""What a letter says, filled in for one person: blocks in order. Plain data, stored as JSON."""

from typing import Any

import msgspec

from ripresa.domain.templates.letters.marks import bare


class Block(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    """A part of a letter."""


class Text(Block, frozen=True, tag="text"):
    """Paragraphs, with the marks of bold and italic (`marks`)."""

    paragraphs: tuple[str, ...]


class Small(Block, frozen=True, tag="small"):
    """Paragraphs in small print, at the end as a rule."""

    paragraphs: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """A line of the cart. `picture`: the address under which the picture store knows it."""

    title: str
    variant: str
    quantity: int
    unit_price: str
    line_total: str
    picture: str = ""


class Cart(Block, frozen=True, tag="cart"):
    """The cart as a table. `more`: what is said of the rows that are left out."""

    rows: tuple[Row, ...]
    more: str
    total_label: str
    total: str
    has_pictures: bool


class Coupon(Block, frozen=True, tag="coupon"):
    """A code in a frame, with a QR code of `link` if there is one."""

    say: str
    code: str
    until: str
    link: str


class Qr(Block, frozen=True, tag="qr"):
    """A QR code of `link` beside what is said of it, and the link in print."""

    say: str
    link: str


class Picture(Block, frozen=True, tag="picture"):
    """A picture of the shop's own, by name. `width` in millimetres."""

    name: str
    width: int
    align: str


class Signature(Block, frozen=True, tag="signature"):
    """The closing, the picture of a signature if there is one, and the name."""

    closing: str
    name: str
    picture: str = ""


AnyBlock = Text | Small | Cart | Coupon | Qr | Picture | Signature


class FilledLetter(msgspec.Struct, frozen=True):
    """A letter for one person, not yet on paper."""

    subject: str
    language: str
    blocks: tuple[AnyBlock, ...]

    @property
    def text(self) -> str:
        """The whole letter as plain text: what a page shows of it."""
        return "\n\n".join(filter(None, map(_plain, self.blocks)))

    @property
    def pictures(self) -> set[str]:
        """The names of all pictures it asks for."""
        found: set[str] = set()
        for block in self.blocks:
            match block:
                case Cart(rows=rows, has_pictures=True):
                    found |= {row.picture for row in rows}
                case Picture(name):
                    found.add(name)
                case Signature(picture=name):
                    found.add(name)
                case _:
                    pass
        return found - {""}

    @property
    def strings(self) -> list[str]:
        """Everything that will be printed of it."""
        found: list[str] = [self.subject]
        for block in self.blocks:
            found += _strings(msgspec.to_builtins(block))
        return found


def encode(letter: FilledLetter) -> str:
    """A letter as JSON."""
    return msgspec.json.encode(letter).decode()


def decode(text: str | bytes) -> FilledLetter:
    """A letter that `encode` wrote. Raises msgspec.ValidationError."""
    return msgspec.json.decode(text, type=FilledLetter)


def _plain(block: AnyBlock) -> str:
    match block:
        case Text(paragraphs) | Small(paragraphs):
            return bare("\n\n".join(paragraphs))
        case Cart():
            return _plain_cart(block)
        case Coupon(say, code, until, link):
            return "\n".join(filter(None, (f"{say} {code}".strip(), until, link)))
        case Qr(say, link):
            return f"{say}\n{link}"
        case Signature(closing, name):
            return f"{closing}\n{name}".strip()
        case _:
            return ""


def _plain_cart(cart: Cart) -> str:
    lines = [
        f"- {row.title}{row.variant and f' ({row.variant})'}, "
        f"{row.quantity} × {row.unit_price}: {row.line_total}"
        for row in cart.rows
    ]
    return "\n".join([*lines, *filter(None, [cart.more]), f"{cart.total_label}: {cart.total}"])


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [bare(value)]
    if isinstance(value, dict):
        return [
            one
            for key, each in value.items()
            if key not in {"picture", "kind"}
            for one in _strings(each)
        ]
    if isinstance(value, list | tuple):
        return [one for each in value for one in _strings(each)]
    return []
