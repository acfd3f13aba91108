"""Run the product and the oracle over the same events, and say where they differ."""

import json

from django.db import transaction

from ripresa.usecases.simulate.run import Wish, simulate
from tests.oracle import reading
from tests.oracle.scenario_reading import read_scenario


def wish(events, out, scenario, **changes):
    values = {
        "since": None,
        "until": None,
        "any_consent": False,
        "abandoned_after": None,
        "workers": 1,
        "seed": 0,
        **changes,
    }
    return Wish(events=events, out=out, scenario=scenario, **values)


def run_product(asked):
    """Simulate inside a transaction that is taken back; returns the lines of both files."""
    with transaction.atomic():
        simulate(asked, began=0.0, tick=lambda _: None)
        transaction.set_rollback(True)
    return tuple(lines_of(asked.out / name) for name in ("messages.jsonl", "carts.jsonl"))


def lines_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def run_oracle(events, scenario, **options):
    outcome = reading.simulate(events.read_text().splitlines(), read_scenario(scenario), **options)
    return outcome.messages, outcome.carts


def run_oracle_with_pools(events, scenario, pools, **options):
    outcome = reading.simulate(
        events.read_text().splitlines(), read_scenario(scenario), pools=pools, **options
    )
    return outcome.messages, outcome.carts, outcome.coupons


def without_subject(lines):
    """The oracle renders nothing."""
    return [{**line, "subject": None} for line in lines]


def named_as_at_the_end(messages, carts):
    """A cart has one `contact` in a file: who is behind it in the end (docs/adr/0008)."""
    contact = {line["cart"]: line["contact"] for line in carts}
    return [{**line, "contact": contact[line["cart"]]} for line in messages]


def differences(ours, theirs):
    """Lines that only one side has, marked."""
    left, right = (
        [json.dumps(line, ensure_ascii=False) for line in side] for side in (ours, theirs)
    )
    return [f"product {line}" for line in left if line not in right] + [
        f"oracle  {line}" for line in right if line not in left
    ]
