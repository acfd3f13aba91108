"""Calls of providers, as the intake hands them to a reader."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from ripresa.contracts.feedback import HookRequest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://mail.wines.example/hooks/feedback/tok"
FORM = "application/x-www-form-urlencoded"


def a_call(body=b"", *, url=URL, method="POST", kind="", received_at=NOW, **headers) -> HookRequest:
    """A call; `kind` is its content type, other keywords are headers (`_` for `-`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HookRequest(method, url, {"content-type": kind, **named}, body, received_at)


def a_form(fields, *, url=URL, **headers) -> HookRequest:
    """A call that posts a form."""
    return a_call(urlencode(_pairs(fields)).encode(), url=url, kind=FORM, **headers)


def a_get(fields, *, url=URL, **headers) -> HookRequest:
    """A call with everything in its address."""
    return a_call(url=f"{url}?{urlencode(_pairs(fields))}", method="GET", **headers)


def _pairs(fields):
    return list(fields.items()) if isinstance(fields, dict) else [tuple(pair) for pair in fields]
