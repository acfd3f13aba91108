"""The channel: one call for each message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from ripresa.channels.http_gateway.form import Form, values_of
from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.channel import Accepted, Fate, OutgoingSms, RefusalKind, Refused, Unknown
from ripresa.contracts.sms.prices import HasPriceList
from ripresa.contracts.sms.sending import trouble_of_sms
from ripresa.contracts.sms.settings import text_of
from ripresa.core.http.client import Answer, Call, HttpClient

IN_FLIGHT = 4
# The first no of Kannel is about us, the second about the message: both come as 403.
_LOGIN_WORDS = re.compile(r"authori[sz]ation|authenticat|credential|password|login", re.IGNORECASE)
_ABOUT_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND})
_PASSING_STATUS = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class HttpGatewayChannel(HasPriceList):
    """Short messages through one gateway; a `Channel` of them."""

    name = "http_gateway"
    is_real = True
    in_flight = IN_FLIGHT

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in provider.py. Raises BadSettings for its form."""
        self._settings = settings
        self._form = Form.from_text(settings["form"])
        self._accepted = re.compile(settings["accepted"])
        self._client = client
        self._carriers: Carriers[OutgoingSms] = Carriers(
            self._hand_over, in_flight=IN_FLIGHT, is_idempotent=False, name=self.name
        )

    def send(self, batch: Sequence[OutgoingSms], *, timeout: timedelta) -> list[Fate]:
        """Hand over `batch`; see Channel."""
        return self._carriers.send(batch, timeout=timeout)

    def close(self) -> None:
        """Wait for what is on the wire, then give back the connections."""
        self._carriers.close()
        self._client.close()

    def _hand_over(self, sms: OutgoingSms, deadline: float) -> Fate:
        if trouble := trouble_of_sms(sms):
            return impossible(trouble)
        sms = replace(sms, text=text_of(sms, self._settings))
        url = self._settings["url"]
        fields = self._form.fill(
            {
                **values_of(sms, self._settings["sender"]),
                "user": self._settings["user"],
                "password": self._settings["password"],
                "report_url": self._report_url(sms.idempotency_key),
            }
        )
        by_get = self._settings["method"] == "GET"
        call = Call.get(url, fields) if by_get else Call.form(url, fields)
        return self._fate(self._client.ask(call, deadline=deadline), sms.idempotency_key)

    def _report_url(self, key: str) -> str:
        """Where the gateway is to report to, with Kannel's escapes for what it knows by then."""
        if not self._settings["feedback_url"]:
            return ""
        query = f"{urlencode({'key': key})}&{self._settings['report_query']}"
        return f"{self._settings['feedback_url']}?{query}"

    def _fate(self, answer: Answer, key: str) -> Fate:
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return _refusal(answer)
        if found := self._accepted.search(answer.text.strip()):
            return Accepted(found["receipt"] if self._accepted.groupindex else f"key {key}")
        return impossible(_words(answer))


def _words(answer: Answer) -> str:
    return f"the gateway answered {answer.status}: {answer.text.strip()[:200]}"


def _refusal(answer: Answer) -> Fate:
    detail = _words(answer)
    if answer.status in _PASSING_STATUS:
        return passing(detail)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(detail)
    if answer.status == HTTPStatus.PAYMENT_REQUIRED:
        return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
    is_about_us = answer.status in _ABOUT_US or answer.status < HTTPStatus.BAD_REQUEST
    return lasting(detail) if is_about_us or _LOGIN_WORDS.search(detail) else impossible(detail)
