"""The channel: one call for each message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from ripresa.channels.vonage.answers import fate_of
from ripresa.contracts.calling.asking import Tried, ask_json, try_out
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible
from ripresa.contracts.channel import Fate, OutgoingSms
from ripresa.contracts.provider import Balance
from ripresa.contracts.sms.prices import HasPriceList
from ripresa.contracts.sms.sending import trouble_of_sms
from ripresa.contracts.sms.settings import text_of
from ripresa.contracts.sms.text import is_gsm
from ripresa.core.http.client import Call, HttpClient

IN_FLIGHT = 4
LONGEST_CALLBACK = 100


class VonageChannel(HasPriceList):
    """Short messages through one account; a `Channel` of them and `HasBalance`."""

    name = "vonage"
    is_real = True
    in_flight = IN_FLIGHT

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in provider.py."""
        self._settings = settings
        self._url = settings["api_url"].rstrip("/")
        self._sender = settings["sender"]
        self._feedback_url = settings["feedback_url"]
        self._login = {"api_key": settings["api_key"], "api_secret": settings["api_secret"]}
        self._client = client
        self._carriers: Carriers[OutgoingSms] = Carriers(
            self._hand_over, in_flight=IN_FLIGHT, is_idempotent=False, name=self.name
        )

    def send(self, batch: Sequence[OutgoingSms], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def balance(self, *, timeout: timedelta) -> Balance | None:
        """What is left, in euros; see HasBalance."""
        call = Call.get(f"{self._url}/account/get-balance", self._login)
        said = ask_json(self._client, call, timeout)
        value = said.get("value") if isinstance(said, dict) else None
        return None if value is None else Balance(str(value), "EUR")

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Ask what is left; see CanBeTried."""
        call = Call.get(f"{self._url}/account/get-balance", self._login)
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
            **self._login,
            "from": (self._sender or sms.sender).removeprefix("+"),
            "to": sms.recipient.removeprefix("+"),
            "text": sms.text,
            "type": "text" if is_gsm(sms.text) else "unicode",
            "client-ref": sms.idempotency_key,
            "status-report-req": "1",
        }
        # A longer one is refused: reports then come to the address that stands in the account.
        if self._feedback_url and len(self._feedback_url) <= LONGEST_CALLBACK:
            fields["callback"] = self._feedback_url
        call = Call.form(f"{self._url}/sms/json", fields)
        return fate_of(self._client.ask(call, deadline=deadline))
