"""The channel: upload, create, wait until Pingen has understood the file, then send."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from ripresa.channels.pingen.api import PingenApi, SaidNo
from ripresa.channels.pingen.settings import printing_of, window_of
from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible, passing
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.channel import Accepted, Fate, OutgoingLetter
from ripresa.contracts.letters.abilities import Recall, trouble_of_letter
from ripresa.core.http.client import HttpClient, NoAnswer, NotAsked
from ripresa.core.money import Money, NotMoney, parse_minor

IN_FLIGHT = 4
MAX_BYTES = 8 * 1024 * 1024
_MOST_PAGES: Mapping[str, int] = {"CH": 120, "NL": 14, "GB": 500}
_MOST_PAGES_ELSEWHERE = 320
# How long to wait between two looks at a letter that is being read.
_FIRST_LOOK, _LONGEST_WAIT = 0.2, 2.0
_TRIED_IN = "CH"
_BEING_READ = frozenset({"validating", "fixing"})
_UNFIT = frozenset({"invalid", "action_required", "unprintable", "rejected"})
_CALLED_BACK = frozenset({"cancelling", "cancelled"})


class Pingen:
    """Letters through one organisation; a `Channel`, with a window, prices, and letters taken back."""

    name = "pingen"
    is_real = True
    in_flight = IN_FLIGHT
    has_price_list = False

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in settings.py. Raises BadSettings."""
        self.window = window_of(settings)
        self._printing = printing_of(settings)
        self._position = settings["address_position"]
        self._client = client
        self._api = PingenApi(settings, client)
        self._prices: dict[tuple[str, int], Money] = {}
        self._carriers: Carriers[OutgoingLetter] = Carriers(
            self._hand_over, in_flight=IN_FLIGHT, is_idempotent=True, name=self.name
        )

    def send(self, batch: Sequence[OutgoingLetter], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def prices(
        self, letters: Sequence[OutgoingLetter], *, timeout: timedelta
    ) -> list[Money | None]:
        """What Pingen's calculator says; asked once for each country and number of pages."""
        deadline = time.monotonic() + timeout.total_seconds()
        return [self._price(letter.recipient.country, letter.pages, deadline) for letter in letters]

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Ask for the price of a page, which needs the organisation and a token; see CanBeTried."""
        deadline = time.monotonic() + timeout.total_seconds()
        wanted = {"country": _TRIED_IN, "paper_types": ["normal"], **self._printing.attributes()}
        try:
            self._api.price(wanted, deadline)
        except (SaidNo, NotAsked, NoAnswer) as no:
            return Tried(is_good=False, found=_no(no))
        return Tried(True, say("Pingen lets this organisation in, and tells prices"))

    def recall(self, receipt: str, *, timeout: timedelta) -> Recall:
        """Cancel a letter that is not printed yet; see CanRecall."""
        deadline = time.monotonic() + timeout.total_seconds()
        try:
            self._api.act("cancel", receipt, {}, f"cancel-{receipt}"[:64], deadline)
            status = self._api.letter(receipt, deadline).get("status")
        except SaidNo as no:
            return Recall.TOO_LATE if no.fate.permanent or "409" in str(no) else Recall.UNCLEAR
        except (NotAsked, NoAnswer):
            return Recall.UNCLEAR
        return Recall.CANCELLED if status in _CALLED_BACK else Recall.TOO_LATE

    def close(self) -> None:
        """Wait for what is on the wire, then give back the connections."""
        self._carriers.close()
        self._client.close()

    def _hand_over(self, letter: OutgoingLetter, deadline: float) -> Fate:
        if trouble := trouble_of_letter(letter) or _too_large(letter):
            return impossible(trouble)
        try:
            url, signature = self._api.upload(letter.pdf, deadline)
            attributes = {
                "file_original_name": f"{letter.code}.pdf",
                "file_url": url,
                "file_url_signature": signature,
                "address_position": self._position,
                "auto_send": False,
            }
            letter_id = self._api.create(attributes, letter.idempotency_key, deadline)
            read = self._read(letter_id, deadline)
            if trouble := _misread(read, letter):
                self._give_up(letter_id, deadline)
                return impossible(trouble)
            if read.get("status") in _BEING_READ:
                return passing("Pingen is still reading the file; it is asked again")
            if read.get("status") == "valid":
                key = f"{letter.idempotency_key}-send"[:64]
                self._api.act("send", letter_id, self._printing.attributes(), key, deadline)
        except SaidNo as no:
            return no.fate
        return Accepted(letter_id)

    def _read(self, letter_id: str, deadline: float) -> dict[str, Any]:
        """The letter once Pingen has read it, or when half of the time left is over."""
        wait, until = _FIRST_LOOK, (time.monotonic() + deadline) / 2
        while True:
            letter = self._api.letter(letter_id, deadline)
            if letter.get("status") not in _BEING_READ or time.monotonic() + wait > until:
                return letter
            time.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT)

    def _give_up(self, letter_id: str, deadline: float) -> None:
        """What will never be sent need not lie about; if it stays, nothing is lost."""
        try:
            self._api.delete(letter_id, deadline)
        except (SaidNo, NotAsked, NoAnswer):
            return

    def _price(self, country: str, pages: int, deadline: float) -> Money | None:
        if (country, pages) in self._prices:
            return self._prices[country, pages]
        wanted = {"country": country, "paper_types": ["normal"] * pages}
        try:
            said = self._api.price({**wanted, **self._printing.attributes()}, deadline)
            currency = str(said.get("currency") or said["price_currency"])
            amount = str(said["price"] if "price" in said else said["price_value"])
            price = Money(parse_minor(amount, currency), currency)
        except (SaidNo, NotAsked, NoAnswer, NotMoney, KeyError):
            return None
        self._prices[country, pages] = price
        return price


def _too_large(letter: OutgoingLetter) -> str:
    if len(letter.pdf) > MAX_BYTES:
        return f"the PDF has {len(letter.pdf)} bytes; Pingen takes {MAX_BYTES}"
    most = _MOST_PAGES.get(letter.recipient.country, _MOST_PAGES_ELSEWHERE)
    if letter.pages > most:
        return f"the letter has {letter.pages} pages; to {letter.recipient.country} Pingen takes {most}"
    return ""


def _misread(read: Mapping[str, Any], letter: OutgoingLetter) -> str:
    """Why a letter must not be sent as Pingen has read it; empty: it may."""
    status = str(read.get("status", ""))
    if status in _UNFIT:
        return f"Pingen can't print it: {status}"
    address = read.get("address")
    if isinstance(address, str) and address.strip():
        meant = "".join("".join(letter.address_lines).split()).casefold()
        if "".join(address.split()).casefold() != meant:
            return f"Pingen reads another address in the window: {address!r}"
    unembedded = [font for font in read.get("fonts") or [] if not font.get("is_embedded", True)]
    return f"Pingen misses the font {unembedded[0].get('name')}" if unembedded else ""


def _no(no: SaidNo | NotAsked | NoAnswer) -> str:
    if isinstance(no, SaidNo):
        return said_by(no)
    return say("{host} gives no answer: {why}", host="Pingen", why=str(no))
