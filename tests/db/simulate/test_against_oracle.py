"""`ripresa simulate` against the oracle: an independent reading of the contract (tests/oracle)."""

import json
from pathlib import Path

import pytest

from tests.db.simulate.comparison import (
    differences,
    run_oracle,
    run_product,
    wish,
    without_subject,
)
from tests.oracle.generate import generate

THREE_STEPS = Path(__file__).parents[2] / "oracle" / "three_steps.yaml"
OTTO = Path(__file__).parents[4] / "shared" / "data" / "otto" / "events.jsonl"

# Where the contract can be read two ways, product and oracle may differ: docs/explanation/who-is-who.md says
# how the product reads it. What is left has one meaning, and there both must agree to the letter.
TWO_READINGS = ("strangers", "phone_only", "anonymous", "shared_phones", "registering", "uncounted", "undone")  # fmt: skip


def compare(events, out, scenario=THREE_STEPS):
    messages, carts = run_product(wish(events, out, scenario))
    expected_messages, expected_carts = run_oracle(events, scenario)
    return differences(carts, expected_carts) + differences(
        without_subject(messages), without_subject(expected_messages)
    )


@pytest.mark.foreign
@pytest.mark.skipif(not OTTO.is_file(), reason="needs ../shared/data/otto, which is not here")
@pytest.mark.django_db(transaction=True)
def test_the_otto_sample_comes_out_as_the_contract_is_read(tmp_path):
    assert compare(OTTO, tmp_path / "out") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(12))
def test_generated_shops_come_out_as_the_contract_is_read(seed, tmp_path):
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(json.dumps(one) for one in generate(seed, 12, TWO_READINGS)))
    assert compare(events, tmp_path / "out") == []
