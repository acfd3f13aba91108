"""The calls of anymail's backends, made by the client that all providers share.

So they keep its promises: no redirects, no plain HTTP, nobody's own network, one deadline for a whole call,
and errors that tell whether the service can have heard of it.
"""

import http
from typing import Any

import requests
from requests.adapters import BaseAdapter

from ripresa.core.http.client import Call, HttpClient

_REDIRECTS = range(300, 400)


class Transport(BaseAdapter):
    """Carries prepared requests of one thread before `deadline`, an instant of `time.monotonic`."""

    def __init__(self, client: HttpClient) -> None:
        super().__init__()
        self.deadline = 0.0
        self._client = client

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One call. Raises NotAsked, NoAnswer."""
        del args, kwargs
        body = request.body or b""
        answer = self._client.ask(
            Call(
                request.method,
                request.url,
                dict(request.headers),
                body.encode() if isinstance(body, str) else body,
            ),
            deadline=self.deadline,
        )
        response = requests.Response()
        response.status_code = answer.status
        response.reason = http.HTTPStatus(answer.status).phrase if _is_known(answer.status) else ""
        response.headers.update(answer.headers)
        if answer.status in _REDIRECTS:
            response.headers.pop("location", None)
        response.url = request.url
        response.request = request
        response.encoding = "utf-8"
        response._content = answer.body  # noqa: SLF001 - how its own adapter's tests fill one
        return response

    def close(self) -> None:
        """The client outlives its transports."""


def session(transport: Transport) -> requests.Session:
    """A session that calls through `transport` and reads nothing of the machine's environment."""
    made = requests.Session()
    made.trust_env = False
    made.headers["Accept-Encoding"] = "identity"
    made.mount("https://", transport)
    made.mount("http://", transport)
    return made


def _is_known(status: int) -> bool:
    return status in set(http.HTTPStatus)
