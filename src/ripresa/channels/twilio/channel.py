"""The channel: one call for each message, and a look for those whose answer got lost."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from ripresa.channels.twilio.answers import fate_of
from ripresa.contracts.calling.asking import Tried, ask_json, try_out
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible
from ripresa.contracts.channel import Accepted, Fate, OutgoingSms, Unknown
from ripresa.contracts.provider import Balance
from ripresa.contracts.sms.prices import HasPriceList
from ripresa.contracts.sms.sending import trouble_of_sms
from ripresa.contracts.sms.settings import text_of
from ripresa.core.http.client import Call, HttpClient, NoAnswer, basic

IN_FLIGHT = 4
LONGEST_TEXT = 1600
_LOOKED_THROUGH = 50  # the latest messages to this very number


class TwilioChannel(HasPriceList):
    """Short messages through one account; a `Channel` of them, `HasBalance` and `HasSenders`."""

    name = "twilio"
    is_real = True
    in_flight = IN_FLIGHT

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in provider.py."""
        self._settings = settings
        account = settings["account_sid"]
        self._url = f"{settings['api_url'].rstrip('/')}/2010-04-01/Accounts/{account}"
        self._sender = settings["sender"]
        self._feedback_url = settings["feedback_url"]
        user = settings["api_key_sid"] or account
        self._headers = basic(user, settings["api_key_secret"] or settings["auth_token"])
        self._client = client
        self._carriers: Carriers[OutgoingSms] = Carriers(
            self._hand_over, in_flight=IN_FLIGHT, is_idempotent=False, name=self.name
        )

    def send(self, batch: Sequence[OutgoingSms], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def balance(self, *, timeout: timedelta) -> Balance | None:
        """What is left; see HasBalance."""
        said = self._ask("/Balance.json", timeout)
        if not isinstance(said, dict) or "balance" not in said:
            return None
        return Balance(str(said["balance"]), str(said.get("currency", "")))

    def senders(self, *, timeout: timedelta) -> list[str] | None:
        """The account's own numbers; see HasSenders."""
        said = self._ask("/IncomingPhoneNumbers.json?PageSize=100", timeout)
        listed = said.get("incoming_phone_numbers") if isinstance(said, dict) else None
        return None if listed is None else [str(one["phone_number"]) for one in listed]

    def try_out(self, *, timeout: timedelta) -> Tried:
        """Ask what is left; see CanBeTried."""
        return try_out(
            self._client, Call.get(f"{self._url}/Balance.json", (), self._headers), timeout
        )

    def close(self) -> None:
        """Wait for what is on the wire, then give back the connections."""
        self._carriers.close()
        self._client.close()

    def _hand_over(self, sms: OutgoingSms, deadline: float) -> Fate:
        if trouble := trouble_of_sms(sms):
            return impossible(trouble)
        sms = replace(sms, text=text_of(sms, self._settings))
        if len(sms.text) > LONGEST_TEXT:
            return impossible(f"the text is longer than Twilio takes ({LONGEST_TEXT} characters)")
        call = Call.form(f"{self._url}/Messages.json", self._fields(sms), self._headers)
        # A third of the time is kept for looking whether a message without an answer is there.
        now = time.monotonic()
        try:
            fate = fate_of(self._client.ask(call, deadline=now + (deadline - now) * 2 / 3))
        except NoAnswer as lost:
            fate = Unknown(str(lost))
        return self._look_for(sms, deadline) or fate if isinstance(fate, Unknown) else fate

    def _fields(self, sms: OutgoingSms) -> dict[str, str]:
        sender = self._sender or sms.sender
        by_service = sender.startswith("MG")
        fields = {
            "To": sms.recipient,
            "MessagingServiceSid" if by_service else "From": sender,
            "Body": sms.text,
        }
        if self._feedback_url:
            query = urlencode({"key": sms.idempotency_key})
            fields["StatusCallback"] = f"{self._feedback_url}?{query}"
        return fields

    def _look_for(self, sms: OutgoingSms, deadline: float) -> Accepted | None:
        """The message, if Twilio has it. That it has not proves nothing: it may be on its way."""
        query = urlencode({"To": sms.recipient, "PageSize": str(_LOOKED_THROUGH)})
        left = timedelta(seconds=max(0.0, deadline - time.monotonic()))
        said = self._ask(f"/Messages.json?{query}", left)
        listed = said.get("messages") if isinstance(said, dict) else None
        for one in listed or ():
            # Every text carries links that are one message's own, so the same text is the same message.
            if one.get("body") == sms.text and one.get("sid"):
                return Accepted(str(one["sid"]))
        return None

    def _ask(self, path: str, timeout: timedelta) -> Any:
        return ask_json(self._client, Call.get(self._url + path, (), self._headers), timeout)
