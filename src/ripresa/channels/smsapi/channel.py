"""The channel: one call for each message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ripresa.channels.smsapi import suppressing
from ripresa.channels.smsapi.answers import fate_of
from ripresa.contracts.calling.asking import Tried, ask_json, try_out
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible
from ripresa.contracts.channel import Fate, OutgoingSms
from ripresa.contracts.provider import Balance
from ripresa.contracts.sms.prices import HasPriceList
from ripresa.contracts.sms.sending import trouble_of_sms
from ripresa.contracts.sms.settings import text_of
from ripresa.core.http.client import Call, HttpClient, bearer

IN_FLIGHT = 4


class SmsapiChannel(HasPriceList):
    """Short messages through one account; a `Channel` of them with balance, senders and suppression."""

    name = "smsapi"
    is_real = True
    in_flight = IN_FLIGHT

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in provider.py."""
        self._settings = settings
        self._url = settings["api_url"].rstrip("/")
        self._sender = settings["sender"]
        self._feedback_url = settings["feedback_url"]
        self._headers = bearer(settings["token"])
        self._client = client
        self._carriers: Carriers[OutgoingSms] = Carriers(
            self._hand_over, in_flight=IN_FLIGHT, is_idempotent=True, name=self.name
        )

    def send(self, batch: Sequence[OutgoingSms], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def balance(self, *, timeout: timedelta) -> Balance | None:
        """What is left, in points; see HasBalance."""
        said = self._ask("/user.do?credits=1&details=1&format=json", timeout)
        points = said.get("points") if isinstance(said, dict) else None
        return None if points is None else Balance(str(points), "points")

    def senders(self, *, timeout: timedelta) -> list[str] | None:
        """The names that the account may send under; see HasSenders."""
        said = self._ask("/sms/sendernames", timeout)
        listed = said.get("collection") if isinstance(said, dict) else None
        if not isinstance(listed, list):
            return None
        return [str(one["sender"]) for one in listed if one.get("status") == "ACTIVE"]

    def set_suppressed(self, number: str, *, suppressed: bool, timeout: timedelta) -> bool:
        """Put a number on the account's blacklist, or take it off; see CanSuppress."""
        return suppressing.set_suppressed(
            self._client, f"{self._url}/blacklist/phone_numbers", self._headers,
            suppressing.Wish(number.removeprefix("+"), suppressed), timeout,
        )  # fmt: skip

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Ask what is left; see CanBeTried."""
        call = Call.get(f"{self._url}/user.do?credits=1&format=json", (), self._headers)
        return try_out(self._client, call, timeout)

    def close(self) -> None:
        """Wait for what is on the wire, then give back the connections."""
        self._carriers.close()
        self._client.close()

    def _hand_over(self, sms: OutgoingSms, deadline: float) -> Fate:
        if trouble := trouble_of_sms(sms):
            return impossible(trouble)
        sms = replace(sms, text=text_of(sms, self._settings))
        fields = {
            "to": sms.recipient.removeprefix("+"),
            "from": self._sender or sms.sender,
            "message": sms.text,
            "encoding": "utf-8",
            "format": "json",
            "details": "1",
            # Asked for twice, it is sent once: the second time gives error 53.
            "idx": sms.idempotency_key,
            "check_idx": "1",
        }
        if self._feedback_url:
            fields["notify_url"] = self._feedback_url
        call = Call.form(f"{self._url}/sms.do", fields, self._headers)
        return fate_of(self._client.ask(call, deadline=deadline), sms.idempotency_key)

    def _ask(self, path: str, timeout: timedelta) -> Any:
        return ask_json(self._client, Call.get(self._url + path, (), self._headers), timeout)
