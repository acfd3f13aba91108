"""Each provider of short messages, opened against an API on loopback that speaks its protocol."""

from collections.abc import Callable
from typing import Any

import pytest

from ripresa.channels.http_gateway import provider as http_gateway
from ripresa.channels.smsapi import provider as smsapi
from ripresa.channels.twilio import provider as twilio
from ripresa.channels.vonage import provider as vonage
from ripresa.contracts.provider import Provider
from tests.scripted_http import HOST, Heard, Said

PROVIDERS: dict[str, Provider] = {
    one.PROVIDER.name: one.PROVIDER for one in (smsapi, twilio, vonage, http_gateway)
}
GIVEN: dict[str, dict[str, str]] = {
    "smsapi": {"token": "token-of-ada"},
    "twilio": {"account_sid": "AC0123", "auth_token": "12345"},
    "vonage": {"api_key": "key", "api_secret": "api-secret"},
    "http_gateway": {"user": "ada", "password": "tiger"},
}
FEEDBACK_URL = "https://mail.wines.example/hooks/feedback/tok"


def settings_of(name: str, url: str = "", **changes: str) -> dict[str, str]:
    """Complete settings, defaults filled in; `url` is where the API is found."""
    provider = PROVIDERS[name]
    given = {**GIVEN[name], "url" if name == "http_gateway" else "api_url": url, **changes}
    defaults = {one.name: one.default for one in provider.settings if one.default is not None}
    return {
        **defaults,
        **{key: value for key, value in given.items() if value or key not in defaults},
    }


def open_at(name: str, url: str, **changes: str) -> Any:
    """The channel, which may reach loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
        return PROVIDERS[name].open(settings_of(name, url, **changes))


def taken_by_smsapi(heard: Heard) -> Said:
    number = heard.form["to"]
    sent = {"id": f"id-{number}", "points": 0.1, "number": number, "status": "QUEUE", "error": None}
    return Said(200, {"count": 1, "list": [sent]})


def taken_by_twilio(heard: Heard) -> Said:
    return Said(201, {"sid": f"SM{heard.form['To']}", "status": "queued", "error_code": None})


def taken_by_vonage(heard: Heard) -> Said:
    part = {"to": heard.form["to"], "message-id": f"id-{heard.form['to']}", "status": "0"}
    return Said(200, {"message-count": "1", "messages": [part]})


def taken_by_http_gateway(heard: Heard) -> Said:
    return Said(202, "0: Accepted for delivery")


TAKEN: dict[str, Callable[[Heard], Said]] = {
    "smsapi": taken_by_smsapi,
    "twilio": taken_by_twilio,
    "vonage": taken_by_vonage,
    "http_gateway": taken_by_http_gateway,
}
