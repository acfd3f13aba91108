"""What an account with Pingen is told, and the window that follows from it.

Where the address and the franking stand is the organisation's own choice at Pingen, so both areas are
settings; those of the window on the left are Pingen's published ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ripresa.contracts.calling.sayings import either, laid_out, say
from ripresa.contracts.letters.windows import Box, Window
from ripresa.contracts.provider import BadSettings, Setting

_LEFT = {"address_area": "22,60,85.5,25.5", "keep_out": "20,40,89.5,20"}
_MODES = ("simplex", "duplex")
_SPECTRA = ("grayscale", "color")

SETTINGS = (
    Setting("client_id", "of the application, with the grant client_credentials"),
    Setting("client_secret", "of the application", is_secret=True),
    Setting("organisation", "the organisation's id (a UUID)"),
    Setting("webhook_secret", "what Pingen signs its calls with", is_secret=True, default=""),
    Setting("address_position", "the window of the envelopes: left or right", default="left"),
    Setting(
        "address_area",
        "where the address is read: left,top,width,height in millimetres; empty: Pingen's for left",
        default="",
    ),
    Setting("keep_out", "where the franking is printed, written alike", default=""),
    Setting("delivery_product", "fast, cheap, bulk, premium, registered …", default="cheap"),
    Setting("print_mode", "simplex or duplex", default="simplex"),
    Setting("print_spectrum", "grayscale or color", default="grayscale"),
    Setting("api_url", "where its API is found", default="https://api.pingen.com"),
    Setting("identity_url", "where its tokens are had", default="https://identity.pingen.com"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printing:
    """How letters are printed and posted, in Pingen's words."""

    delivery_product: str
    print_mode: str
    print_spectrum: str

    def attributes(self) -> dict[str, str]:
        """As a request has them."""
        return {
            "delivery_product": self.delivery_product,
            "print_mode": self.print_mode,
            "print_spectrum": self.print_spectrum,
        }


def printing_of(given: Mapping[str, str]) -> Printing:
    """Read how letters are printed. Raises BadSettings."""
    for name, known in (("print_mode", _MODES), ("print_spectrum", _SPECTRA)):
        if given[name] not in known:
            raise BadSettings(
                say(
                    "{name}: must be {known}, not {value!r}",
                    name=name,
                    known=either(known),
                    value=given[name],
                )
            )
    return Printing(given["delivery_product"], given["print_mode"], given["print_spectrum"])


def window_of(given: Mapping[str, str]) -> Window:
    """The window of the account's envelopes. Raises BadSettings."""
    position = given["address_position"]
    if position not in {"left", "right"}:
        raise BadSettings(
            say("address_position: must be left or right, not {position!r}", position=position)
        )
    read, franked = (_box(given, name, position) for name in ("address_area", "keep_out"))
    found = Window(
        f"pingen-{position}",
        f"Pingen, window on the {position}",
        210,
        297,
        address=Box(read.left + 2, read.top, read.width - 4, read.height),
        sender_line=None,
        letterhead=Box(125, 14, 65, 74) if position == "left" else Box(25, 14, 65, 74),
        body_top=max(read.bottom, franked.bottom) + 10,
        has_marks=False,
        keep_out=(franked,),
    )
    if found.trouble:
        raise BadSettings(laid_out("address_area, keep_out: {trouble}", trouble=found.trouble))
    return found


def _box(given: Mapping[str, str], name: str, position: str) -> Box:
    text = given[name] or (_LEFT[name] if position == "left" else "")
    try:
        left, top, width, height = (float(part) for part in text.split(","))
    except ValueError:
        raise BadSettings(
            say(
                "{name}: must be left,top,width,height in millimetres, not {text!r}",
                name=name,
                text=text,
            )
        ) from None
    if min(left, top) < 0 or min(width, height) < 20 or left + width > 210 or top + height > 297:  # noqa: PLR2004  (A4)
        raise BadSettings(
            say(
                "{name}: {text!r} is no area of an A4 sheet that has room for an address",
                name=name,
                text=text,
            )
        )
    return Box(left, top, width, height)
