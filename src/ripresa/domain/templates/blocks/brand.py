"""How a shop's mails look: colours, faces, logo, and what stands at their foot."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

# Faces that mail programs have, by name: no mail fetches one.
FACES: Mapping[str, str] = {
    "helvetica": "'Helvetica Neue', Helvetica, Arial, sans-serif",
    "georgia": "Georgia, 'Times New Roman', serif",
    "verdana": "Verdana, Geneva, sans-serif",
    "trebuchet": "'Trebuchet MS', Tahoma, sans-serif",
    "tahoma": "Tahoma, Verdana, sans-serif",
    "times": "'Times New Roman', Times, serif",
    "courier": "'Courier New', Courier, monospace",
}
# Those whose letters on paper have serifs as well.
SERIFS = frozenset({"georgia", "times"})
NETWORKS = (
    "website", "facebook", "instagram", "x", "youtube", "tiktok", "linkedin", "pinterest",
    "telegram", "whatsapp", "vk",
)  # fmt: skip
COLOURS = ("page", "card", "accent", "ink", "link", "button", "button_ink")
LONGEST_LINE = 300
_READABLE = 4.5
_DARKEST = 0.04045  # shades below are linear
_COLOUR = re.compile(r"#[0-9a-f]{6}")
# What could be taken for a merge tag.
_MARKS = re.compile(r"[{}]|\*\||\|\*")


class Brand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A brand kit. Colours are #rrggbb; `link` empty: as the words around it.

    `logo` is the key of an uploaded picture, `logo_width` in pixels. `company` stands in place of the
    shop's name at the foot; `notes` are lines for it, by language. `social`: network and address.
    """

    page: str = "#f4f1eb"
    card: str = "#ffffff"
    accent: str = "#8c6d46"
    ink: str = "#2a2622"
    link: str = ""
    button: str = "#26231f"
    button_ink: str = "#ffffff"
    radius: int = 6
    headline_face: str = "georgia"
    text_face: str = "helvetica"
    logo: str = ""
    logo_width: int = 160
    company: str = ""
    contact: str = ""
    notes: dict[str, str] = {}
    social: dict[str, str] = {}


USUAL = Brand()


def is_colour(text: str) -> bool:
    """Whether it is a colour as we keep them."""
    return _COLOUR.fullmatch(text) is not None


def ink_of(brand: Brand) -> str:
    """The accent where it was chosen and can be read on white paper; empty: it is black there.

    WCAG 2.2: relative luminance, and a contrast of 4.5 to 1.
    """
    shades = (int(brand.accent[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        one / 12.92 if one <= _DARKEST else ((one + 0.055) / 1.055) ** 2.4 for one in shades
    )
    contrast = 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return brand.accent if brand.accent != USUAL.accent and contrast >= _READABLE else ""


def one_line(text: str) -> str:
    """A line of the author's for the foot, without what could be taken for a merge tag."""
    return " ".join(_MARKS.sub("", text).split())[:LONGEST_LINE]


def load_brand(stored: Any) -> Brand:
    """A brand kit as the table keeps it. Raises msgspec.ValidationError."""
    return msgspec.convert(stored, Brand)


def dump_brand(brand: Brand) -> dict[str, Any]:
    """As the table keeps it."""
    return dict(msgspec.to_builtins(brand))
