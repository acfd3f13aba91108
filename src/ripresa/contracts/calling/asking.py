"""A question to a provider that sends nothing: what is left, which names there are."""

import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from ripresa.contracts.calling.sayings import Saying, said_by, say
from ripresa.core.http.client import Call, HttpClient, NoAnswer, NotAsked

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying an account out: in words, the provider's own where it said no."""

    is_good: bool
    found: str


def try_out(client: HttpClient, call: Call, timeout: timedelta) -> Tried:
    """Whether a question that needs a login is answered; in the provider's words where it is not."""
    deadline = time.monotonic() + timeout.total_seconds()
    try:
        answer = client.ask(call, deadline=deadline)
    except (NotAsked, NoAnswer) as none:
        return Tried(is_good=False, found=_silent(call, none))
    said = answer.text[:_SHOWN].strip()
    # SMSAPI says no with any status, 200 included.
    if answer.status != HTTPStatus.OK or '"error"' in said:
        return Tried(
            is_good=False, found=say("it answers {status}: {said}", status=answer.status, said=said)
        )
    return Tried(is_good=True, found=say("it lets this account in"))


def ask_json(client: HttpClient, call: Call, timeout: timedelta) -> Any:
    """The JSON in the answer; None: not told just now, whatever the reason."""
    deadline = time.monotonic() + timeout.total_seconds()
    try:
        answer = client.ask(call, deadline=deadline)
        return answer.json() if answer.status == HTTPStatus.OK else None
    except (NotAsked, NoAnswer, ValueError):
        return None


def _silent(call: Call, trouble: NotAsked | NoAnswer) -> Saying:
    """Nothing came back; in what way is for whoever looks after the network."""
    return say(
        "{host} gives no answer: {why}", host=urlsplit(call.url).netloc, why=said_by(trouble)
    )
