"""Pingen's API, version 2 (JSON:API): tokens by OAuth client credentials, kept until they end."""

import json
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ripresa.contracts.calling.fates import impossible, lasting, passing
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.core.http.client import Answer, Call, HttpClient, bearer

_MEDIA_TYPE = "application/vnd.api+json"
_SCOPE = "letter batch webhook organisation_read"
# A token is given up so many seconds before its end: a call takes time.
_EARLY = 60.0


class SaidNo(Exception):
    """Pingen answered, and the answer is no. `fate`: what that means for the letter."""

    def __init__(self, fate: Refused) -> None:
        super().__init__(fate.detail)
        self.fate = fate


class PingenApi:
    """Calls for one organisation. Safe to use from several threads."""

    def __init__(self, settings: Mapping[str, str], client: HttpClient) -> None:
        """`settings` as in settings.py."""
        self._settings = settings
        self._client = client
        self._token, self._until = "", 0.0
        self._lock = threading.Lock()
        organisation = settings["organisation"]
        self._api = settings["api_url"].rstrip("/")
        self._letters = f"{self._api}/organisations/{organisation}/deliveries/letters"

    def upload(self, pdf: bytes, deadline: float) -> tuple[str, str]:
        """Give a file away; returns its address and the signature that names it."""
        place = self._attributes(Call.get(f"{self._api}/file-upload"), deadline)
        url = str(place["url"])
        put = Call("PUT", url, {"content-type": "application/pdf"}, pdf)
        answer = self._client.ask(put, deadline=deadline)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise SaidNo(passing(f"Pingen's file store answered {answer.status}"))
        return url, str(place["url_signature"])

    def create(self, attributes: Mapping[str, Any], key: str, deadline: float) -> str:
        """Make a letter of an uploaded file; returns its id. The same key makes no second one."""
        call = _write("POST", self._letters, "letters", attributes, key)
        return str(self._data(call, deadline)["id"])

    def letter(self, letter_id: str, deadline: float) -> dict[str, Any]:
        """What Pingen says of a letter."""
        return self._attributes(Call.get(f"{self._letters}/{letter_id}"), deadline)

    def act(
        self, action: str, letter_id: str, attributes: Mapping[str, Any], key: str, deadline: float
    ) -> None:
        """`send` or `cancel` a letter."""
        where = f"{self._letters}/{letter_id}/{action}"
        self._ask(_write("PATCH", where, "letters", attributes, key, letter_id), deadline)

    def delete(self, letter_id: str, deadline: float) -> None:
        """Take a letter that was not sent off the list."""
        self._ask(Call("DELETE", f"{self._letters}/{letter_id}"), deadline)

    def price(self, attributes: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        """What a letter like that costs."""
        where = f"{self._letters}/price-calculator"
        call = _write("POST", where, "letter_price_calculator", attributes, "")
        return self._attributes(call, deadline)

    def _attributes(self, call: Call, deadline: float) -> dict[str, Any]:
        attributes = self._data(call, deadline).get("attributes")
        if not isinstance(attributes, dict):
            raise SaidNo(passing("Pingen's answer has no attributes"))
        return attributes

    def _data(self, call: Call, deadline: float) -> dict[str, Any]:
        answer = self._ask(call, deadline)
        try:
            data = answer.json()["data"]
        except (ValueError, KeyError, TypeError):
            raise SaidNo(passing(f"Pingen answered {answer.status} without data")) from None
        return data if isinstance(data, dict) else {}

    def _ask(self, call: Call, deadline: float) -> Answer:
        answer = self._with_token(call, deadline)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._until = 0.0  # a token may be taken back before its end: once more with a new one
            answer = self._with_token(call, deadline)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise SaidNo(_refusal(answer))
        return answer

    def _with_token(self, call: Call, deadline: float) -> Answer:
        headers = {"accept": _MEDIA_TYPE, **call.headers, **bearer(self._fresh_token(deadline))}
        return self._client.ask(Call(call.method, call.url, headers, call.body), deadline=deadline)

    def _fresh_token(self, deadline: float) -> str:
        with self._lock:
            if time.monotonic() < self._until:
                return self._token
            fields = {
                "grant_type": "client_credentials",
                "client_id": self._settings["client_id"],
                "client_secret": self._settings["client_secret"],
                "scope": _SCOPE,
            }
            where = f"{self._settings['identity_url'].rstrip('/')}/auth/access-tokens"
            answer = self._client.ask(Call.form(where, fields), deadline=deadline)
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SaidNo(
                    passing(
                        say("Pingen gives no token: it answered {status}", status=answer.status)
                    )
                )
            try:
                said = answer.json()
                self._token = str(said["access_token"])
                self._until = time.monotonic() + float(said.get("expires_in", 3600)) - _EARLY
            except (ValueError, KeyError, TypeError):
                words = say(
                    "Pingen gives no token ({status}): check client_id and client_secret",
                    status=answer.status,
                )
                raise SaidNo(lasting(words)) from None
            return self._token


def _write(
    method: str, url: str, kind: str, attributes: Mapping[str, Any], key: str, row_id: str = ""
) -> Call:
    data: dict[str, Any] = {"type": kind, "attributes": dict(attributes)}
    if row_id:
        data["id"] = row_id
    headers = {"content-type": _MEDIA_TYPE} | ({"idempotency-key": key} if key else {})
    return Call(method, url, headers, json.dumps({"data": data}).encode())


def _refusal(answer: Answer) -> Refused:
    """What an error means for the letter."""
    detail = f"Pingen {answer.status}: {_words(answer)}"
    match answer.status:
        case HTTPStatus.PAYMENT_REQUIRED:
            return Refused(permanent=False, kind=RefusalKind.CREDIT, detail=detail)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND:
            return lasting(detail)
        case HTTPStatus.BAD_REQUEST | HTTPStatus.UNPROCESSABLE_ENTITY:
            return impossible(detail)
        case _:
            return passing(detail)


def _words(answer: Answer) -> str:
    """What the errors of JSON:API say."""
    try:
        errors = answer.json()["errors"]
        return "; ".join(str(one.get("detail") or one.get("title")) for one in errors)[:300]
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer.text[:200]
