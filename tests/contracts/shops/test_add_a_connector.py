"""docs/how-to/add-a-connector.md: its example is a whole connector, and goes through the suite of all."""

import importlib
import inspect
import json
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest

import ripresa.connectors
from ripresa.contracts.feedback import HookRequest
from ripresa.contracts.shops.errands import Buyers, RestoredCart, RestoredItem
from tests.architecture.tree import DOCS, ROOT
from tests.contracts.shops import test_every_connector as suite
from tests.contracts.shops.frame import HOOK, T0, Platform
from tests.scripted_http import Said, ScriptedApi
from tests.unit.connectors.calls import hmac_base64

_BLOCK = re.compile(
    r"^```python\n# src/ripresa/connectors/(bancarella/\w+\.py)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SECRETS = {"url": "https://shop.example", "token": "t", "secret": "s"}
_CART = {
    "id": "c1", "changed": "2026-11-02T14:20:00Z", "currency": "EUR", "mail": "ada@example.test",
    "lines": [{"article": "p1", "variant": "v1", "name": "Vino", "pieces": 2, "price": "29.90"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The example as files."""
    place = tmp_path_factory.mktemp("example")
    page = (DOCS / "how-to/add-a-connector.md").read_text(encoding="utf-8")
    for name, text in _BLOCK.findall(page):
        file = place / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert len(list(place.glob("bancarella/*.py"))) == 3
    return place


@pytest.fixture
def connector(folder, monkeypatch):
    path = [*ripresa.connectors.__path__, str(folder)]
    monkeypatch.setattr(ripresa.connectors, "__path__", path)
    yield importlib.import_module("ripresa.connectors.bancarella.connector").CONNECTOR
    for name in [name for name in sys.modules if name.startswith("ripresa.connectors.bancarella")]:
        del sys.modules[name]
    vars(ripresa.connectors).pop("bancarella", None)


def _order(number):
    return {
        "id": f"o{number}", "placed": "2026-11-02T14:10:00Z", "currency": "EUR", "total": "59.80",
        "mail": f"p{number}@example.test", "cart": f"c{number}",
    }  # fmt: skip


def _call(about, data, secret="s"):
    body = json.dumps({"about": about, "data": data}).encode()
    headers = {"x-bancarella-signature": hmac_base64(secret.encode(), body)}
    return HookRequest("POST", HOOK, headers, body, T0)


@contextmanager
def _shop():
    faults: list = []

    def answer(heard):
        if faults:
            return faults.pop(0)
        mails = {value for name, value in parse_qsl(urlsplit(heard.target).query) if name == "mail"}
        orders = [one for one in map(_order, range(5)) if not mails or one["mail"] in mails]
        page = int(heard.query["page"])
        more = str(page + 1) if len(orders) > page * 3 else None
        return Said(200, {"orders": orders[3 * page - 3 : 3 * page], "next": more})

    with ScriptedApi(answer) as api:
        yield SimpleNamespace(settings=_SECRETS | {"url": api.url}, faults=faults)


def test_the_example_keeps_every_promise(connector):
    platform = Platform(
        connector,
        shop=_shop,
        secrets=_SECRETS,
        calls=[_call("cart", _CART), _call("order", _order(1))],
        forge=lambda call: replace(call, headers=_call("cart", _CART, secret="x").headers),
        buyers=[Buyers(emails=frozenset({"p2@example.test"}))],
        cart=RestoredCart("c1", (RestoredItem("p1", "", "v1", "", 2),), "EUR"),
    )
    concerned = [promise for able, promise in suite.PROMISES if able(platform)]
    for promise in concerned:
        if "fault" in inspect.signature(promise).parameters:
            for fault, trouble in suite.FAULTS:
                promise(platform, fault, trouble)
        else:
            promise(platform)
    assert len(concerned) == 9


def test_the_example_is_written_as_everything_here(folder):
    """The order of imports apart: outside the tree ruff takes our own packages for someone else's."""
    ruff = Path(sys.executable).with_name("ruff")
    config = ("--config", str(ROOT / "pyproject.toml"), "--no-cache")
    for how in (("check", "--ignore", "I001", *config), ("format", "--check", *config)):
        done = subprocess.run([ruff, *how, folder], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
