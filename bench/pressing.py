"""Clients that survive a server that dies: they connect anew, and say the same again until it is taken."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Taken:
    """`accepted` requests of different events in `seconds`."""

    accepted: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.accepted / self.seconds


def press_for(port: int, connections: int, make: Callable[[], bytes], seconds: float) -> Taken:
    """Closed loop over `connections`; a request that was not answered is sent once more, as it was."""
    counts = [0] * connections
    lock = threading.Lock()
    began = time.monotonic()

    def one(number: int) -> None:
        client: http.client.HTTPConnection | None = None
        while time.monotonic() - began < seconds:
            with lock:
                request = make()
            client = _until_taken(client, port, request, began + seconds + 30)
            counts[number] += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Taken(sum(counts), time.monotonic() - began)


def _until_taken(
    client: http.client.HTTPConnection | None, port: int, request: bytes, until: float
) -> http.client.HTTPConnection:
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
    headers = {name: value for name, value in lines if name not in {"Content-Length", "Host"}}
    while True:
        try:
            client = client or http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            client.request("POST", "/v1/events", body, headers)
            answer = client.getresponse()
            answer.read()
            if answer.status == http.client.ACCEPTED:
                return client
            if answer.status < http.client.INTERNAL_SERVER_ERROR:
                raise RuntimeError(f"not taken: {answer.status}")
        except (OSError, http.client.HTTPException):
            pass
        if client is not None:
            client.close()
        client = None
        if time.monotonic() > until:
            raise RuntimeError("the server did not come back")
        time.sleep(0.05)
