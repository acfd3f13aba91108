"""docs/how-to/add-a-channel.md: its example is a whole provider, and keeps the promises of one."""

import hmac
import importlib
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import ripresa.channels
from ripresa.contracts.channel import Accepted, RefusalKind, Refused
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from tests.architecture.tree import DOCS, ROOT
from tests.hooks import a_call
from tests.outgoing import an_sms
from tests.scripted_http import DROP, HOST, Said, ScriptedApi

LONG_ENOUGH = timedelta(minutes=1)
_BLOCK = re.compile(
    r"^```python\n# src/ripresa/channels/(colomba/\w+\.py)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.fixture
def folder(tmp_path):
    """The example as files."""
    page = (DOCS / "how-to/add-a-channel.md").read_text(encoding="utf-8")
    for name, text in _BLOCK.findall(page):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert len(list(tmp_path.glob("colomba/*.py"))) == 5
    return tmp_path


@pytest.fixture
def provider(folder, monkeypatch):
    monkeypatch.setattr(ripresa.channels, "__path__", [*ripresa.channels.__path__, str(folder)])
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    yield importlib.import_module("ripresa.channels.colomba.provider").PROVIDER
    for name in [name for name in sys.modules if name.startswith("ripresa.channels.colomba")]:
        del sys.modules[name]
    vars(ripresa.channels).pop("colomba", None)


def settings(provider, url="https://api.colomba.example"):
    given = {"token": "t", "signing_secret": "s", "api_url": url}
    return provider.complete({**given, "feedback_url": "https://mail.wines.example/hooks/x"})


def send(provider, answer, *messages):
    with ScriptedApi(answer) as api:
        channel = provider.open(settings(provider, api.url))
        fates = channel.send(messages or [an_sms(1)], timeout=LONG_ENOUGH)
        channel.close()
    return fates, api.heard


def test_it_hands_over(provider):
    batch = [an_sms(number) for number in range(20)]
    fates, heard = send(provider, lambda call: Said(201, {"id": call.json["reference"]}), *batch)
    assert fates == [Accepted(f"s{number}") for number in range(20)]
    assert heard[0].headers["authorization"] == "Bearer t"
    assert heard[0].json["report_to"] == "https://mail.wines.example/hooks/x"


@pytest.mark.parametrize(
    ("answer", "permanent", "kind"),
    [
        (Said(422, {"code": "unknown_number"}), True, RefusalKind.MAILBOX),
        (Said(402, {"code": "no_credit"}), False, RefusalKind.CREDIT),
        (Said(401, {"code": "bad_token"}), False, RefusalKind.POLICY),
        (Said(400, "odd"), True, RefusalKind.OTHER),
        (Said(503, ""), False, RefusalKind.OTHER),
        (DROP, False, RefusalKind.OTHER),
    ],
)
def test_it_says_whose_fault_a_refusal_is(provider, answer, permanent, kind):
    (fate,), _ = send(provider, lambda call: answer)
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (permanent, kind)


def call(said, *, secret=b"s"):
    body = json.dumps(said).encode()
    seal = hmac.new(secret, body, "sha256").hexdigest()
    return a_call(body, kind="application/json", x_colomba_signature=seal)


def test_it_believes_what_is_signed_and_nothing_else(provider):
    reader = provider.reader(settings(provider))
    said = {"id": "m1", "reference": "k1", "state": "no_such_number"}
    (found,) = reader.read(call(said))
    assert (found.kind, found.reason, found.is_permanent) == (
        FeedbackKind.BOUNCED,
        BounceReason.UNKNOWN,
        True,
    )
    (heard,) = reader.read(call({"id": "m2", "from": "393331234567", "text": "Stop"}))
    assert (heard.kind, heard.recipient) == (FeedbackKind.UNSUBSCRIBED, "+393331234567")
    with pytest.raises(HookRefused):
        reader.read(call(said, secret=b"another"))


def test_it_is_written_as_the_rest_is(folder):
    """The order of imports apart: outside the tree ruff takes our own packages for someone else's."""
    ruff = Path(sys.executable).with_name("ruff")
    config = ("--config", str(ROOT / "pyproject.toml"), "--no-cache")
    for how in (("check", "--ignore", "I001", *config), ("format", "--check", *config)):
        done = subprocess.run([ruff, *how, folder], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
