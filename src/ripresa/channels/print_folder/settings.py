"""What a print folder is told: where it is, which envelopes there are, what a letter costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ripresa.contracts.calling.sayings import laid_out, said_by, say
from ripresa.contracts.channel import OutgoingLetter
from ripresa.contracts.letters.windows import WINDOWS, Window
from ripresa.contracts.provider import BadSettings, Setting
from ripresa.core.money import Money, NotMoney, parse_minor

SETTINGS = (
    Setting("folder", "where batches are put: an absolute path of a folder that exists"),
    Setting("window", f"the envelopes: {', '.join(WINDOWS)}", default="din-b"),
    Setting("duplex", "yes: both sides of a sheet are printed, so each letter begins a sheet", default="no"),
    Setting("currency", "of the costs", default="EUR"),
    Setting("page_cost", "what printing one page costs, as 0.04", default="0"),
    Setting("postage", "what posting one letter costs, as 0.95", default="0"),
    Setting("postage_abroad", "the same to another country; empty: no more than that", default=""),
    Setting("country", "where the letters are posted, as DE: others are abroad", default=""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """The settings, understood. Costs in minor units of `currency`."""

    folder: Path
    window: Window
    is_duplex: bool
    currency: str
    page_cost: int
    postage: int
    postage_abroad: int
    country: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "FolderSettings":
        """Read the settings. Raises BadSettings."""
        folder = Path(given["folder"])
        if not folder.is_absolute() or not folder.is_dir():
            raise BadSettings(
                say(
                    "folder: {folder!r} is no absolute path of a folder that exists",
                    folder=given["folder"],
                )
            )
        if given["window"] not in WINDOWS:
            raise BadSettings(
                say(
                    "window: {window!r} is none of {known}",
                    window=given["window"],
                    known=", ".join(WINDOWS),
                )
            )
        if given["duplex"] not in {"yes", "no"}:
            raise BadSettings(
                say("duplex: must be yes or no, not {duplex!r}", duplex=given["duplex"])
            )
        postage = _amount(given, "postage")
        return cls(
            folder,
            WINDOWS[given["window"]],
            given["duplex"] == "yes",
            given["currency"].upper(),
            page_cost=_amount(given, "page_cost"),
            postage=postage,
            postage_abroad=_amount(given, "postage_abroad") if given["postage_abroad"] else postage,
            country=given["country"].upper(),
        )

    def price(self, letter: OutgoingLetter) -> Money:
        """What a letter costs: its pages and its postage."""
        is_abroad = self.country and letter.recipient.country != self.country
        postage = self.postage_abroad if is_abroad else self.postage
        return Money(letter.pages * self.page_cost + postage, self.currency)


def _amount(given: Mapping[str, str], name: str) -> int:
    try:
        amount = parse_minor(given[name], given["currency"].upper())
    except NotMoney as wrong:
        raise BadSettings(laid_out("{name}: {wrong}", name=name, wrong=said_by(wrong))) from None
    if amount < 0:
        raise BadSettings(say("{name}: must not be negative", name=name))
    return amount
