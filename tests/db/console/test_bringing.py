"""Files that are brought: from whom they are taken, and what is said of those that are not."""

import asyncio
import re
from pathlib import Path

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.test import Client

from ripresa.entrypoints.asgi import Ripresa, ScriptFile

UPLOAD = "/wines/imports/"
LANGUAGES = ("en", "de", "it", "ro", "ru")


class TestWhoMay:
    def test_members_who_may_change_something(self, ada, vera, dan):
        assert ada.post("/wines/bring/").status_code == 204
        assert vera.post("/wines/bring/").status_code == 403
        assert dan.post("/wines/bring/").status_code == 404

    def test_who_is_signed_out_comes_back_to_the_page_with_the_form(self, world):
        where = "http://testserver/wines/texts/pictures/?page=2"
        answer = Client().post("/wines/bring/", headers={"Referer": where})
        assert answer.headers["Location"] == "/login/?next=/wines/texts/pictures/%3Fpage%3D2"

    def test_no_other_site_says_where_to_go(self, world):
        answer = Client().post("/wines/bring/", headers={"Referer": "https://evil.test/x"})
        assert answer.headers["Location"] == "/login/?next=/wines/bring/"


def bring(path: str, body: bytes, *headers: tuple[bytes, bytes]) -> tuple[int, dict, str]:
    """What somebody without a session hears, through the whole application."""

    async def go() -> list[dict]:
        script = ScriptFile(Path("none.js"))
        scope = {"type": "http", "http_version": "1.1", "path": path, "query_string": b""}
        scope |= {"method": "POST", "headers": [(b"host", b"testserver"), *headers]}
        talk = ApplicationCommunicator(Ripresa(None, script, get_asgi_application()), scope)
        await talk.send_input({"type": "http.request", "body": body})
        sent = [await talk.receive_output(60)]
        while sent[-1]["type"] == "http.response.start" or sent[-1].get("more_body"):
            sent.append(await talk.receive_output(60))
        return sent

    start, *rest = asyncio.run(go())
    page = b"".join(message["body"] for message in rest).decode()
    return start["status"], dict(start["headers"]), page


class TestWhatIsSaid:
    @pytest.mark.django_db(transaction=True)
    def test_a_stranger_goes_to_the_login(self):
        status, headers, _ = bring(UPLOAD, b"x" * 100)
        assert (status, headers[b"Location"]) == (302, b"/login/?next=/wines/bring/")

    def test_too_large_is_said_in_each_language_in_the_consoles_look(self):
        pages = {}
        for language in LANGUAGES:
            speaks = (b"accept-language", language.encode())
            status, _, page = bring("/login/", b"x" * (2 << 20) + b"y", speaks)
            assert (status, f'lang="{language}"' in page) == (413, True)
            assert "console/console.css" in page
            assert ("2 МБ" if language == "ru" else "2 MB") in page
            pages[language] = re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]
        assert pages["en"] == "Too large to be sent at once"
        assert len(set(pages.values())) == len(LANGUAGES)
