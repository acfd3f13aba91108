"""Numbers that earn their owner money get no messages; people's numbers do."""

import json
from collections import Counter

import pytest

from ripresa.contracts.sms.numbers import fault_of_number
from tests.foreign import FOREIGN

EXAMPLES = FOREIGN / "vectors/phonenumbers_examples_by_region.json"
DEAR = {"PREMIUM_RATE", "SHARED_COST", "TOLL_FREE", "UAN", "VOICEMAIL", "PAGER"}


@pytest.mark.foreign
def test_every_example_of_every_region():
    seen = Counter()
    for example in json.loads(EXAMPLES.read_text()):
        kind = example.get("number_type", "INVALID")
        assert bool(fault_of_number(example["e164"])) is (kind in DEAR), example
        seen[kind] += 1
    assert sum(seen.values()) == 1619
    assert seen["MOBILE"] > 200
    assert seen["PREMIUM_RATE"] > 50


@pytest.mark.parametrize("number", ["", "+", "+0", "+999123456", "hello", "+39333"])
def test_what_is_no_number_is_somebody_else_s_matter(number):
    assert fault_of_number(number) == ""


def test_it_says_what_it_is():
    assert fault_of_number("+39899123456") == "a premium-rate number"
    assert fault_of_number("+393331234567") == ""
