"""SMSAPI's own list of numbers that nothing is sent to. Protocol: its official client for Python."""

import time
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple

from ripresa.core.http.client import Answer, Call, HttpClient, NoAnswer, NotAsked

_OVER = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})


class Wish(NamedTuple):
    """A number (digits with the country code), and whether it should stand on the list."""

    number: str
    is_on: bool


def set_suppressed(
    client: HttpClient, url: str, headers: Mapping[str, str], wish: Wish, timeout: timedelta
) -> bool:
    """Do it; False: not just now. A number that is there already, or is not there, is as wished."""
    deadline = time.monotonic() + timeout.total_seconds()
    try:
        if wish.is_on:
            form = {"phone_number": wish.number}
            return _is_done(client.ask(Call.form(url, form, headers), deadline=deadline))
        listed = client.ask(Call.get(url, {"q": wish.number}, headers), deadline=deadline)
        if listed.status != HTTPStatus.OK:
            return False
        ids = _ids(listed, wish.number)
        calls = [Call("DELETE", f"{url}/{one}", headers) for one in ids]
        return all(_is_done(client.ask(call, deadline=deadline)) for call in calls)
    except (NotAsked, NoAnswer, ValueError):
        return False


def _ids(listed: Answer, number: str) -> list[str]:
    said = listed.json()
    rows = said.get("collection", []) if isinstance(said, dict) else []
    # `q` finds parts of numbers too.
    return [str(row["id"]) for row in rows if str(row.get("phone_number")) == number]


def _is_done(answer: Answer) -> bool:
    return answer.status < HTTPStatus.MULTIPLE_CHOICES or answer.status in _OVER
