"""The plugin in shops/woocommerce: its own tests, and what it sends read by the connector."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ripresa.connectors.woocommerce.connector import CONNECTOR
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.feedback import HookRefused, HookRequest

PLUGIN = Path(__file__).parents[2] / "shops/woocommerce"
SETTINGS = {"url": "https://wines.example", "webhook_secret": "kept & sealed"}

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(
        not (shutil.which("php") and shutil.which("phpunit")),
        reason="needs Debian's php-cli and phpunit: make test-peers",
    ),
]


def run(*command: str, **env: str) -> str:
    done = subprocess.run(
        command,
        cwd=PLUGIN,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_file_is_php():
    for path in sorted(PLUGIN.rglob("*.php")):
        run("php", "-l", str(path))


def test_its_own_tests_pass():
    assert re.search(r"^OK \(\d+ tests", run("phpunit", "--do-not-cache-result"), re.MULTILINE)


def test_what_it_sends_is_believed_and_understood():
    """A visit to the shop, from the first bottle to an empty cart."""
    calls = json.loads(run("php", "tests/emit.php", SECRET=SETTINGS["webhook_secret"]))
    outcomes = []
    for url, given in calls:
        headers = {name.lower(): value for name, value in given["headers"].items()}
        call = HookRequest("POST", url, headers, given["body"].encode(), datetime.now(UTC))
        outcomes += CONNECTOR.hear(call, SETTINGS).outcomes
        with pytest.raises(HookRefused):
            CONNECTOR.hear(call, SETTINGS | {"webhook_secret": "another"})
    assert all(isinstance(one, StoreEvent) for one in outcomes), outcomes
    assert [one.type.value for one in outcomes] == [
        "cart.updated",
        "checkout.started",
        "contact.identified",
        "contact.identified",
        "checkout.left",
        "consent.changed",
        "cart.updated",
        "cart.emptied",
    ]
    assert sorted(outcomes, key=lambda one: one.occurred_at) == outcomes
    first, second = outcomes[0].cart.items
    assert (first.product_id, first.variant_id, first.unit_price) == ("7", None, "29.90")
    assert (second.product_id, second.variant_id, second.variant) == ("19", "20", "Large")
    assert outcomes[2].contact.consent.email == "granted"
    assert (outcomes[3].contact.phone, outcomes[3].contact.consent.sms) == (
        "+393331234567",
        "granted",
    )
    assert outcomes[6].contact.customer_id == "77"
    assert len({one.cart.token for one in outcomes if one.cart}) == 1


def test_no_text_is_left_out_of_the_translations():
    said = set(
        re.findall(
            r"(?:__|esc_html__)\(\s*'((?:[^'\\]|\\.)*)',\s*'ripresa'",
            "".join(path.read_text() for path in (PLUGIN / "includes").glob("*.php")),
        )
    )
    for path in (PLUGIN / "languages").glob("*.po*"):
        texts = re.sub(r'"\n"', "", path.read_text())
        assert {text for text in said if f'msgid "{text}"' not in texts} == set(), path.name
        assert path.suffix == ".pot" or 'msgstr ""\n\n' not in texts, path.name
