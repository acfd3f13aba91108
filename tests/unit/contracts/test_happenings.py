"""What is told to the outside: a closed list, a shape each, and patterns that ask for them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.happenings.payloads import DATA
from ripresa.contracts.happenings.schema import every_schema, schema_of
from ripresa.contracts.happenings.types import HappeningType, NoSuchType, checked_patterns, fits
from ripresa.core.http.signing import (
    is_standard_webhook,
    new_standard_secret,
    standard_webhook_headers,
)
from tests.architecture.tree import DOCS
from tests.foreign import FOREIGN

EXAMPLES = FOREIGN / "payloads" / "standard_webhooks"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
types = st.sampled_from(list(HappeningType))
PAGE = (DOCS / "reference" / "webhooks.md").read_text(encoding="utf-8")


def test_the_reference_names_every_type_and_its_schema_is_the_codes_own():
    section = PAGE.partition("## What happens")[2]
    assert re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE) == [*HappeningType]
    written = json.loads((DOCS / "reference" / "webhooks.schema.json").read_text())
    assert written == every_schema(), "write it anew: ripresa webhook schema"


@pytest.mark.parametrize("happened", HappeningType)
def test_every_type_has_a_payload_and_a_schema_that_stands_alone(happened):
    schema = schema_of(happened)
    assert schema["properties"]["type"] == {"const": happened.value}
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert named == set(schema["$defs"])
    assert DATA[happened].__name__ in named


@given(types, types)
def test_a_pattern_wants_what_it_says(one, other):
    family = one.partition(".")[0]
    is_trial = one is HappeningType.WEBHOOK_TEST
    assert fits("*", one) is fits(f"{family}.*", one) is fits(one.value, one) is not is_trial
    assert fits(one.value, other) is (one is other and not is_trial)
    if other.partition(".")[0] != family:
        assert not fits(f"{family}.*", other)


def test_patterns_are_kept_once_and_nonsense_is_refused_by_name():
    assert checked_patterns([]) == ["*"]
    assert checked_patterns([" Cart.* ", "deal.won", "cart.*"]) == ["cart.*", "deal.won"]
    assert checked_patterns(["cart.*", "*"]) == ["*"]
    for wrong in ("cart", "car.*", "cart.stolen", "", "webhook.test", "*.won"):
        with pytest.raises(NoSuchType, match=re.escape(repr(wrong))):
            checked_patterns([wrong, "deal.won"])


@given(st.binary(max_size=300), st.uuids(), st.integers(1, 3))
def test_what_we_sign_is_believed_by_whoever_has_one_of_the_secrets(body, ident, count):
    secrets = [new_standard_secret() for _ in range(count)]
    headers = standard_webhook_headers(body, secrets, str(ident), now=NOW)
    for secret in secrets:
        assert is_standard_webhook(body, secret, headers, now=NOW + timedelta(minutes=4))
        assert not is_standard_webhook(body, secret, headers, now=NOW + timedelta(minutes=6))
        assert not is_standard_webhook(body + b"x", secret, headers, now=NOW)
    assert not is_standard_webhook(body, new_standard_secret(), headers, now=NOW)


@pytest.mark.foreign
def test_the_specifications_own_examples_are_signed_believed_and_shaped_like_ours():
    files = sorted(EXAMPLES.glob("spec_*.json"))
    assert len(files) == len(json.loads((EXAMPLES / "_index.json").read_text()))
    for file in files:
        body = file.read_bytes()
        secret = new_standard_secret()
        headers = standard_webhook_headers(body, [secret], f"msg_{file.stem}", now=NOW)
        assert is_standard_webhook(body, secret, headers, now=NOW)
        assert not is_standard_webhook(body.strip() + b"\n", secret, headers, now=NOW)
        example = json.loads(body)
        ours = set(schema_of(HappeningType.CART_ABANDONED)["required"])
        assert set(example) <= ours
        assert datetime.fromisoformat(example["timestamp"]).tzinfo is not None
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", example["type"])


def test_the_example_of_the_how_to_believes_us_and_nobody_else(monkeypatch):
    page = (DOCS / "how-to" / "webhooks.md").read_text(encoding="utf-8")
    [code] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "webhooks.md", "exec"), names)
    believes = names["is_from_ripresa"]
    monkeypatch.setattr("time.time", NOW.timestamp)
    secret, other = new_standard_secret(), new_standard_secret()
    for signers in ([secret], [other, secret]):
        headers = standard_webhook_headers(b'{"a": 1}', signers, "id", now=NOW)
        assert believes(b'{"a": 1}', headers, secret)
        assert not believes(b'{"a": 2}', headers, secret)
        late = headers | {"webhook-timestamp": "1700000000"}
        assert not believes(b'{"a": 1}', late, secret)
    assert not believes(b"{}", standard_webhook_headers(b"{}", [other], "id", now=NOW), secret)
