"""Who answers what, and that a body without an end is not waited for."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from ripresa.api.protocol.problems import KINDS
from ripresa.entrypoints import asgi
from ripresa.entrypoints.asgi import Ripresa, ScriptFile
from ripresa.entrypoints.bodies import form, uploads
from ripresa.entrypoints.bodies.form import REFUSED, Form


class Named:
    """An application that notes which requests reached it."""

    def __init__(self) -> None:
        self.paths = []

    async def __call__(self, scope, receive, send) -> None:
        self.paths.append(scope.get("path", scope["type"]))


def ask(application, path: str, *, method: str = "GET", **headers: str) -> dict:
    """The start and the body of what `application` sends."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    names = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": names}
    asyncio.run(application(scope, receive, send))
    return {**sent[0], "headers": dict(sent[0]["headers"]), "body": sent[1]["body"]} if sent else {}


@pytest.fixture
def script(tmp_path: Path) -> ScriptFile:
    file = tmp_path / "ripresa.js"
    file.write_text("tell();" * 100)
    return ScriptFile(file)


@pytest.mark.parametrize("path", ["/v1/events", "/v1/collect", "/v1/more", "/health"])
def test_what_is_hot_goes_to_the_intake(path: str, script: ScriptFile) -> None:
    intake, pages = Named(), Named()
    ask(Ripresa(intake, script, pages), path)
    assert (intake.paths, pages.paths) == ([path], [])


@pytest.mark.parametrize("path", ["/", "/login/", "/r/1-abc", "/v1", "/healthy", "/bottega/carts/"])
def test_all_else_goes_to_the_pages(path: str, script: ScriptFile) -> None:
    intake, pages = Named(), Named()
    ask(Ripresa(intake, script, pages), path)
    assert (intake.paths, pages.paths) == ([], [path])


def test_the_lifespan_is_the_intakes(script: ScriptFile) -> None:
    intake, pages = Named(), Named()
    asyncio.run(Ripresa(intake, script, pages)({"type": "lifespan"}, None, None))
    assert (intake.paths, pages.paths) == (["lifespan"], [])


def test_the_intake_alone_answers_everything_but_the_script(script: ScriptFile) -> None:
    intake = Named()
    alone = Ripresa(intake, script, None)
    ask(alone, "/login/")
    assert intake.paths == ["/login/"]
    assert ask(alone, "/ripresa.js")["status"] == 200
    assert ask(Ripresa(intake, script, None, popup=script), "/popup.js")["status"] == 200


def test_the_script_may_be_used_by_any_shops_page_and_is_kept_for_an_hour(script) -> None:
    answer = ask(script, "/ripresa.js", accept_encoding="gzip, br")
    assert gzip.decompress(answer["body"]) == b"tell();" * 100
    assert answer["headers"][b"cross-origin-resource-policy"] == b"cross-origin"
    assert answer["headers"][b"cache-control"] == b"public, max-age=3600"
    assert answer["headers"][b"content-encoding"] == b"gzip"
    tag = answer["headers"][b"etag"].decode()
    again = ask(script, "/ripresa.js", if_none_match=tag)
    assert (again["status"], again["body"]) == (304, b"")
    assert ask(script, "/ripresa.js")["body"] == b"tell();" * 100


def test_the_script_takes_no_post_and_may_be_missing(script: ScriptFile, tmp_path: Path) -> None:
    assert ask(script, "/ripresa.js", method="POST")["status"] == 405
    assert ask(ScriptFile(tmp_path / "none.js"), "/ripresa.js")["status"] == 404


def read_form(*messages: dict, forever: bool = False) -> list[dict]:
    """What an application hears of `messages`; `forever`: the client then says nothing more."""

    async def read() -> list[dict]:
        waiting = list(messages)

        async def receive():
            if waiting:
                return waiting.pop(0)
            assert forever
            return await asyncio.Event().wait()

        read_on = Form(receive, asgi.MAX_FORM_BYTES, asgi.FORM_SECONDS)
        heard = []
        while not heard or (heard[-1]["type"] == "http.request" and heard[-1].get("more_body")):
            heard.append(await read_on())
        return heard

    return asyncio.run(read())


def test_a_form_is_passed_on_as_it_is() -> None:
    parts = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b"},
    ]
    assert read_form(*parts) == parts


def test_a_form_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "FORM_SECONDS", 0.05)
    heard = read_form({"type": "http.request", "body": b"a", "more_body": True}, forever=True)
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]


def test_a_form_that_is_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "MAX_FORM_BYTES", 3)
    part = {"type": "http.request", "body": b"ab", "more_body": True}
    assert [message["type"] for message in read_form(part, part)] == [
        "http.request",
        "http.disconnect",
    ]


class Leaving:
    """Pages that leave without an answer when their client has left, as Django does.

    They say what a body was given up for, and let `members` of a shop bring files to it.
    """

    def __init__(self, members: str = "wines") -> None:
        self.members = members
        self.read = []

    async def __call__(self, scope, receive, send) -> None:
        status = 200
        if scope["path"].endswith("/bring/"):
            status = 204 if scope["path"] == f"/{self.members}/bring/" else 302
        if REFUSED in scope:
            status = scope[REFUSED][0]
        while (message := await receive())["type"] == "http.request":
            self.read.append(message["body"])
            if not message.get("more_body"):
                await send({"type": "http.response.start", "status": status, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return


def post(
    path: str, *parts: bytes, script: ScriptFile, ends: bool = True, pages: Leaving | None = None
) -> list[dict]:
    """What a client hears that sends `parts`; without an end it then falls silent."""

    async def go() -> list[dict]:
        waiting = [
            {"type": "http.request", "body": part, "more_body": not ends or part is not parts[-1]}
            for part in parts
        ]
        heard = []

        async def receive():
            return waiting.pop(0) if waiting else await asyncio.Event().wait()

        async def send(message):
            heard.append(message)

        scope = {"type": "http", "path": path, "method": "POST", "headers": []}
        await Ripresa(Named(), script, pages or Leaving())(scope, receive, send)
        return heard

    return asyncio.run(go())


def test_a_body_that_is_too_long_is_said_to_be(script, monkeypatch) -> None:
    monkeypatch.setattr(asgi, "MAX_FORM_BYTES", 3)
    start, body = post("/login/", b"ab", b"cd", b"ef", script=script)
    assert start["status"] == 413
    assert post("/login/", b"ab", script=script)[0]["status"] == 200
    start, body = post("/api/v1/scenarios", b"ab", b"cd", script=script)
    assert dict(start["headers"])[b"content-type"] == b"application/problem+json"
    told = json.loads(body["body"])
    assert (told["status"], told["type"]) == (413, "/problems/too-large")
    assert {KINDS[status.value] for status in asgi._PROBLEMS} == set(asgi._PROBLEMS.values())


@pytest.mark.parametrize(
    "path",
    [
        "/wines/imports/",
        "/wines/coupons/01a207f0-4186-7199-a65c-f5eded7cbfe9/file/",
        "/wines/texts/pictures/upload/",
        "/wines/texts/01a207f0-4186-7199-a65c-f5eded7cbfe9/pictures/upload/",
        "/wines/texts/brand/",
        "/wines/settings/logo/",
    ],
)
def test_where_files_are_brought_there_is_room_for_them(path, script, monkeypatch) -> None:
    monkeypatch.setattr(asgi, "MAX_FORM_BYTES", 3)
    assert post(path, b"ab", b"cd", script=script)[0]["status"] == 200
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 3)
    assert post(path, b"ab", b"cd", script=script)[0]["status"] == 413


def test_a_strangers_file_is_refused_unread(script) -> None:
    pages = Leaving(members="bikes")
    start, _ = post("/wines/imports/", b"ab", b"cd", script=script, pages=pages)
    assert start["status"] == 302
    assert b"".join(pages.read) == b""


class Waiting(Leaving):
    """Pages that keep each file until they are told to go on; they say when no more may come."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.is_full = asyncio.Event()
        self.held = 0

    async def __call__(self, scope, receive, send) -> None:
        if scope["path"].endswith("/imports/") and REFUSED not in scope:
            self.held += 1
            if self.held == uploads.MAX_AT_ONCE:
                self.is_full.set()
            await self.go_on.wait()
        await super().__call__(scope, receive, send)


def test_only_so_many_files_come_in_at_once(script, monkeypatch) -> None:
    """Of one shop so many, and of all so many; the place of one that is through is free again."""
    monkeypatch.setattr(uploads, "MAX_AT_ONCE", 3)
    monkeypatch.setattr(uploads, "MAX_OF_A_SHOP", 2)

    async def go() -> list[list[int]]:
        pages = Waiting()
        application = Ripresa(Named(), script, pages)

        async def bring(slug: str) -> int:
            sent = []

            async def receive():
                return {"type": "http.request", "body": b"ab"}

            async def send(message):
                sent.append(message)

            pages.members = slug
            path = f"/{slug}/imports/"
            scope = {"type": "http", "path": path, "method": "POST", "headers": []}
            await application(scope, receive, send)
            return sent[0]["status"]

        first = []
        for slug in ("wines", "wines", "wines", "bikes", "bikes"):
            first.append(asyncio.create_task(bring(slug)))
            await asyncio.sleep(0)
        await pages.is_full.wait()
        pages.go_on.set()
        return [await asyncio.gather(*first), [await bring("wines"), await bring("bikes")]]

    assert asyncio.run(go()) == [[200, 200, 503, 200, 503], [200, 200]]


def test_a_body_that_is_too_slow_is_said_to_be(script, monkeypatch) -> None:
    monkeypatch.setattr(asgi, "FORM_SECONDS", 0.05)
    monkeypatch.setattr(form, "_DRAIN_SECONDS", 0.05)
    start, _ = post("/login/", b"ab", script=script, ends=False)
    assert start["status"] == 408


def test_a_client_that_left_hears_nothing(script) -> None:
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/login/", "method": "POST", "headers": []}
    asyncio.run(Ripresa(Named(), script, Leaving())(scope, receive, send))
    assert sent == []
