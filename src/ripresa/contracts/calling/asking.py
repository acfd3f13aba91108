"""A question to a provider that sends nothing: what is left, which names there are."""

import time
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from ripresa.core.http.client import Call, HttpClient, NoAnswer, NotAsked


def ask_json(client: HttpClient, call: Call, timeout: timedelta) -> Any:
    """The JSON in the answer; None: not told just now, whatever the reason."""
    deadline = time.monotonic() + timeout.total_seconds()
    try:
        answer = client.ask(call, deadline=deadline)
        return answer.json() if answer.status == HTTPStatus.OK else None
    except (NotAsked, NoAnswer, ValueError):
        return None
