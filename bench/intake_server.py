"""`python -m bench.intake_server ours|null PORT`: the shipped server around the intake, or around nothing.

`null` reads the body and answers what the intake would: as little as an application can do.
Both are told the database in DATABASE_URL and print one line once they listen.
"""

import functools
import os
import sys
from pathlib import Path

from ripresa.core.clock import WALL
from ripresa.entrypoints.asgi import Ripresa, ScriptFile
from ripresa.entrypoints.http_server import serve
from ripresa.entrypoints.running.stopping import Stopping
from ripresa.intake.app import IntakeApp

_ANSWER = b'{"accepted":1,"duplicates":0,"rejected":[]}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_ANSWER))]


async def null(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 202, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER})


def ours() -> Ripresa:
    intake = IntakeApp(os.environ["DATABASE_URL"], WALL, "a secret for the bench only")
    return Ripresa(intake, ScriptFile(Path("storefront/src/ripresa.js")), None)


def main() -> None:
    kind, port = sys.argv[1], int(sys.argv[2])
    app = ours() if kind == "ours" else null
    ready = functools.partial(print, "ready", flush=True)
    serve(app, "127.0.0.1", port, ready=ready, is_asked_to_end=Stopping())


if __name__ == "__main__":
    main()
