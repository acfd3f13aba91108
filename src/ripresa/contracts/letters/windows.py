"""Windows of envelopes, and what has to stand where on paper so that it shows through them.

All lengths are millimetres from the upper left corner of the sheet. DIN 5008 (forms A and B), the
Swiss Post's two windows, and the double window of a US #10 envelope on Letter paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ripresa.contracts.calling.sayings import say


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its size."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def meets(self, other: "Box") -> bool:
        """Whether they share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Window:
    """How a sheet is laid out for one kind of envelope.

    `address` is where the recipient stands, `sender_line` where the sender does, small, for the post
    to send it back; `has_stacked_sender`: on lines of its own instead of in one. `letterhead` holds
    logo, sender and date. `body_top` is where the text begins on the first page. `folds` and `hole`
    are marks on the left edge. `keep_out` are areas that stay white: of the first page, as a print
    service asks for them.
    """

    name: str
    label: str
    width: float
    height: float
    address: Box
    sender_line: Box | None
    letterhead: Box
    body_top: float
    folds: tuple[float, ...] = ()
    hole: float | None = None
    has_stacked_sender: bool = False
    has_marks: bool = True
    keep_out: tuple[Box, ...] = ()
    margin_left: float = 25.0
    margin_right: float = 20.0
    margin_top: float = 25.0  # of the second page and those after it
    margin_bottom: float = 22.0

    @property
    def printed(self) -> tuple[Box, ...]:
        """Every area of the first page that may carry ink, marks apart."""
        body = Box(
            self.margin_left,
            self.body_top,
            self.width - self.margin_left - self.margin_right,
            self.height - self.body_top - 8,
        )
        areas = (self.address, self.letterhead, body)
        return areas if self.sender_line is None else (*areas, self.sender_line)

    @property
    def trouble(self) -> str:
        """Which part would be printed where nothing may be; empty: none."""
        for box in self.keep_out:
            if any(area.meets(box) for area in self.printed):
                return say(
                    "something is printed in the area that has to stay white at {box}", box=box
                )
        if any(area.right > self.width or area.bottom > self.height for area in self.printed):
            return say("something is printed beyond the edge of the sheet")
        return ""


_A4 = (210.0, 297.0)
_LETTER = (215.9, 279.4)

DIN_B = Window(
    "din-b", "DIN 5008 form B (DL, C6/5; the address at 45 mm)", *_A4,
    address=Box(25, 62.7, 80, 27.3),
    sender_line=Box(25, 57, 80, 5),
    letterhead=Box(125, 14, 65, 76),
    body_top=110, folds=(105, 210), hole=148.5,
)  # fmt: skip
DIN_A = Window(
    "din-a", "DIN 5008 form A (DL, C6/5; the address at 27 mm)", *_A4,
    address=Box(25, 44.7, 80, 27.3),
    sender_line=Box(25, 39, 80, 5),
    letterhead=Box(125, 10, 65, 62),
    body_top=93, folds=(87, 192), hole=148.5,
)  # fmt: skip
# Swiss Post, windows at 24/52 and 120/52, 59 x 31; a third of the sheet is folded at a time.
SWISS_LEFT = Window(
    "swiss-left", "Switzerland, window on the left (C5, C5/6)", *_A4,
    address=Box(25, 55.5, 58, 27),
    sender_line=Box(25, 50.8, 58, 4),
    letterhead=Box(125, 14, 65, 68),
    body_top=103, folds=(99, 198),
)  # fmt: skip
SWISS_RIGHT = replace(
    SWISS_LEFT,
    name="swiss-right",
    label="Switzerland, window on the right (C5, C5/6)",
    address=Box(121, 55.5, 58, 27),
    sender_line=Box(121, 50.8, 58, 4),
    letterhead=Box(25, 14, 75, 68),
)
# The sheet has 25 mm to slide sideways and 11 mm up and down: these areas show however it lies.
US_10 = Window(
    "us-10", "US #10, two windows, Letter paper", *_LETTER,
    address=Box(19, 51, 73, 18),
    sender_line=Box(19, 11, 66, 15),
    letterhead=Box(125, 11, 70, 62),
    body_top=100, folds=(93.1, 186.3), has_stacked_sender=True,
    margin_right=20.9,
)  # fmt: skip

WINDOWS: Mapping[str, Window] = {
    one.name: one for one in (DIN_A, DIN_B, SWISS_LEFT, SWISS_RIGHT, US_10)
}
_OF_COUNTRY: Mapping[str, Window] = {"CH": SWISS_RIGHT, "LI": SWISS_RIGHT, "US": US_10, "CA": US_10}


def window_of(country: str) -> Window:
    """The window that envelopes of a country usually have."""
    return _OF_COUNTRY.get(country, DIN_B)
