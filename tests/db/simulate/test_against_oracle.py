"""`ripresa simulate` against the oracle: an independent reading of the contract (tests/oracle)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ripresa.usecases.simulate.pools import Pools
from tests.db.simulate.comparison import (
    differences,
    lines_of,
    named_as_at_the_end,
    run_oracle,
    run_oracle_with_pools,
    run_product,
    wish,
    without_subject,
)
from tests.db.simulate.examples import EXAMPLES, IN_HER_LANGUAGE
from tests.foreign import FOREIGN
from tests.oracle.generate import generate
from tests.oracle.generate_coupons import (
    DYNAMIC,
    STATIC,
    STATIC_CODE,
    as_file,
    as_pools,
    generate_codes,
    with_codes,
    with_coupons,
)
from tests.oracle.generate_scenario import generate_scenario
from tests.oracle.scenario_reading import duration

THREE_STEPS = Path(__file__).parents[2] / "oracle" / "three_steps.yaml"
OTTO = FOREIGN / "otto" / "events.jsonl"

# Where the contract can be read two ways, product and oracle may differ: docs/adr/0008 says how the product
# reads it. What is left has one meaning, and there both must agree to the letter.
TWO_READINGS = ("strangers", "phone_only", "anonymous", "shared_phones", "registering", "uncounted", "undone", "echoes")  # fmt: skip

EVERY_TIME, NOW_AND_THEN = range(24), range(24, 200)


def compare(
    events, out, scenario=THREE_STEPS, *, abandoned_after=None, any_consent=False, until=None
):
    asked = {"abandoned_after": abandoned_after, "any_consent": any_consent, "until": until}
    messages, carts = run_product(wish(events, out, scenario, **asked))
    expected_messages, expected_carts = run_oracle(
        events,
        scenario,
        abandoned_after=duration(abandoned_after) if abandoned_after else None,
        consent_policy="any" if any_consent else "recorded",
        until=until,
    )
    expected_messages = named_as_at_the_end(expected_messages, expected_carts)
    return differences(carts, expected_carts) + differences(
        without_subject(messages), without_subject(expected_messages)
    )


def compare_generated(seed, n, folder):
    """Every third shop calls a cart abandoned sooner than the scenario; some ask for no consent, or end early."""
    files = written(folder, generate(seed, n, TWO_READINGS), generate_scenario(seed))
    return compare(
        *files,
        abandoned_after=("1h", "4h")[seed % 2] if seed % 3 == 0 else None,
        any_consent=seed % 4 == 1,
        until=datetime(2026, 3, 28, 12, tzinfo=UTC) if seed % 5 == 2 else None,
    )


def written(folder, events, scenario):
    """Files of these events and this scenario, kept where a failure can be looked at."""
    (folder / "events.jsonl").write_text("\n".join(json.dumps(one) for one in events))
    (folder / "scenario.yaml").write_text(scenario)
    return folder / "events.jsonl", folder / "out", folder / "scenario.yaml"


@pytest.mark.foreign
@pytest.mark.django_db(transaction=True)
def test_the_otto_sample_comes_out_as_the_contract_is_read(tmp_path):
    assert compare(OTTO, tmp_path / "out") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_out_as_the_contract_is_read(name, tmp_path):
    """Each once showed a difference, or is a case that nobody would find by chance."""
    events, scenario, abandoned_after = EXAMPLES[name]
    files = written(tmp_path, events, scenario)
    assert compare(*files, abandoned_after=abandoned_after) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", EVERY_TIME)
def test_generated_shops_come_out_as_the_contract_is_read(seed, tmp_path):
    assert compare_generated(seed, 14, tmp_path) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", NOW_AND_THEN)
def test_many_more_shops_come_out_as_the_contract_is_read(seed, tmp_path):
    assert compare_generated(seed, 20, tmp_path) == []


def compare_with_coupons(seed, n, folder):
    """As above, in a shop with a pool of a few codes and one code for everybody."""
    events = with_codes(generate(seed, n, TWO_READINGS), seed)
    events, out, scenario = written(folder, events, with_coupons(generate_scenario(seed), seed))
    codes = generate_codes(seed)
    (folder / "few.csv").write_text(as_file(codes))
    pools = Pools({DYNAMIC: folder / "few.csv"} if codes else {}, {STATIC: STATIC_CODE})
    messages, carts = run_product(wish(events, out, scenario, pools=pools))
    expected_messages, expected_carts, expected_coupons = run_oracle_with_pools(
        events, scenario, as_pools(codes)
    )
    expected_messages = named_as_at_the_end(expected_messages, expected_carts)
    return (
        differences(carts, expected_carts)
        + differences(without_subject(messages), without_subject(expected_messages))
        + differences(lines_of(out / "coupons.jsonl"), expected_coupons)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(16))
def test_generated_shops_with_coupons_come_out_as_the_contract_is_read(seed, tmp_path):
    assert compare_with_coupons(seed, 14, tmp_path) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(16, 200))
def test_many_more_shops_with_coupons_come_out_as_the_contract_is_read(seed, tmp_path):
    assert compare_with_coupons(seed, 24, tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_each_is_written_to_in_her_language(tmp_path):
    """LNG-2 and MSG-4, whose Italian subject stands in the requirements; the oracle renders nothing."""
    asked = wish(*written(tmp_path, *IN_HER_LANGUAGE))
    subjects = {line["contact"]: line["subject"] for line in run_product(asked)[0]}
    italian = "Hai lasciato qualcosa nel carrello degli acquisti"
    assert subjects["it-ch@example.test"] == subjects["unknown@example.test"] == italian
    assert subjects["en@example.test"] == subjects["en-gb@example.test"] != italian
    assert subjects["ja-jp@example.test"] == italian
