"""Pingen as its documents describe it, on loopback: tokens, files, letters and their states."""

import io
import threading
from collections import Counter
from typing import Any, Self

import pikepdf
import pytest

from ripresa.channels.pingen.provider import PROVIDER
from tests.scripted_http import HOST, Heard, Said, ScriptedApi

ORGANISATION = "0d2a3e2e-0000-4000-8000-000000000001"
MEDIA_TYPE = "application/vnd.api+json"
GIVEN = {"client_id": "app", "client_secret": "hush", "organisation": ORGANISATION}


class PingenServer:
    """Knows letters by id. `looks`: how often a letter is still being read when it is looked at."""

    def __init__(self) -> None:
        self.api = ScriptedApi(self.answer)
        self.files: dict[str, bytes] = {}
        self.letters: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        self.tokens = 0
        self.looks = 1
        self.read_as: dict[str, Any] = {}
        self.refuses: dict[str, Said] = {}
        self.asked: Counter[str] = Counter()
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        self.api.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.api.__exit__()

    def answer(self, heard: Heard) -> Said:
        with self._lock:
            place = heard.path.replace(f"/organisations/{ORGANISATION}/deliveries", "")
            name = f"{heard.method} {place.split('/')[1]}"
            last = place.rsplit("/", 1)[-1]
            name = f"{name}/{last}" if last in {"send", "cancel", "price-calculator"} else name
            self.asked[name] += 1
            if name in self.refuses:
                return self.refuses[name]
            if name == "POST auth":
                return self._token(heard)
            if (
                name != "PUT files"
                and heard.headers.get("authorization") != f"Bearer t{self.tokens}"
            ):
                return _error(401, "the token is not known")
            return self._do(name, place, heard)

    def _do(self, name: str, place: str, heard: Heard) -> Said:
        match name:
            case "GET file-upload":
                number = len(self.files)
                attributes = {
                    "url": f"{self.api.url}/files/{number}",
                    "url_signature": f"sig{number}",
                }
                return _data("file_uploads", "f", attributes)
            case "PUT files":
                self.files[f"{self.api.url}{heard.path}"] = heard.body
                return Said(200)
            case "POST letters/price-calculator":
                wanted = heard.json["data"]["attributes"]
                price = f"{0.9 + 0.1 * len(wanted['paper_types']):.2f}"
                return _data("letter_price_calculator", "p", {"currency": "CHF", "price": price})
            case "POST letters":
                return self._create(heard)
        letter = self.letters.get(place.split("/")[2])
        if letter is None:
            return _error(404, "no such letter")
        return self._on_letter(name, letter, heard)

    def _token(self, heard: Heard) -> Said:
        if (heard.form["client_id"], heard.form["client_secret"]) != ("app", "hush"):
            return Said(401, {"error": "invalid_client"})
        self.tokens += 1
        return Said(200, {"access_token": f"t{self.tokens}", "expires_in": 3600})

    def _create(self, heard: Heard) -> Said:
        assert heard.headers["content-type"] == MEDIA_TYPE
        key = heard.headers["idempotency-key"]
        assert 1 <= len(key) <= 64
        attributes = heard.json["data"]["attributes"]
        if key not in self.by_key:
            with pikepdf.open(io.BytesIO(self.files[attributes["file_url"]])) as pdf:
                pages = len(pdf.pages)
            letter_id = f"letter-{len(self.letters)}"
            self.by_key[key] = letter_id
            self.letters[letter_id] = {
                "status": "validating", "looks": self.looks, "file_pages": pages, **attributes,
            }  # fmt: skip
        letter_id = self.by_key[key]
        return _data("letters", letter_id, self.letters[letter_id], 201)

    def _on_letter(self, name: str, letter: dict[str, Any], heard: Heard) -> Said:
        match name:
            case "GET letters":
                if letter["status"] == "validating":
                    letter["looks"] -= 1
                    if letter["looks"] < 0:
                        letter |= {"status": "valid", **self.read_as}
                return _data("letters", "l", letter)
            case "PATCH letters/send":
                if letter["status"] != "valid":
                    return _error(409, "the letter can't be sent now")
                letter |= {"status": "submitted", **heard.json["data"]["attributes"]}
                return _data("letters", "l", letter)
            case "PATCH letters/cancel":
                if letter["status"] not in {"submitted", "valid"}:
                    return _error(409, "the letter is printed")
                letter["status"] = "cancelled"
                return Said(202)
            case _:
                letter["status"] = "deleted"
                return Said(204)

    def open(self, **changes: str) -> Any:
        """The channel, which may reach loopback."""
        urls = {"api_url": self.api.url, "identity_url": self.api.url}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
            return PROVIDER.open(PROVIDER.complete({**GIVEN, **urls, **changes}))


def _data(kind: str, row_id: str, attributes: dict[str, Any], status: int = 200) -> Said:
    return Said(status, {"data": {"type": kind, "id": row_id, "attributes": attributes}})


def _error(status: int, words: str) -> Said:
    return Said(status, {"errors": [{"title": words}]})
