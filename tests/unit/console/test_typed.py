"""What people type: nothing is cut off in silence, and a number says how far it may go."""

import pytest
from django.http import QueryDict

from ripresa.console.conditions import asked, facts, tree
from ripresa.console.layout.forms import Form, Taking
from ripresa.console.layout.typed import TooLong, cleaned, fitting, line
from ripresa.domain.scenarios.file.editing import ScenarioText

LONG = "a" * 400


def test_a_line_that_is_kept_is_whole_or_refused_with_the_limit():
    assert line(f"  {'a' * 200}\t\n ") == "a" * 200
    with pytest.raises(TooLong) as long:
        line(LONG)
    assert long.value.words == "At most 200 characters; these are 400."
    with pytest.raises(TooLong, match="at most 399"):
        fitting(LONG, 399)


def test_an_address_may_say_anything():
    assert cleaned(LONG) == "a" * 200


def test_a_field_of_a_file_says_it_beside_itself_and_keeps_the_words():
    scenario = ScenarioText("version: 1\nname: Left\n")
    taking = Taking(scenario, {"name": LONG})
    taking.word("name", ("name",))
    assert taking.wrong == {"name": "At most 200 characters; these are 400."}
    assert scenario.text() == "version: 1\nname: Left\n"
    form = Form()
    form.show("name", "Left")
    form.typed({"name": LONG}, taking.wrong)
    assert form["name"].value == LONG


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9999999", "At most ten years."),
        ("soon", "A whole number, like 4. Or a span like 36h, 90m or 2d12h."),
    ],
)
def test_a_span_says_how_long_it_may_be(typed, said):
    taking = Taking(ScenarioText("version: 1\n"), {"idle": typed, "idle-unit": "h"})
    taking.duration("idle", ("trigger", "idle"))
    assert taking.wrong == {"idle": said}


@pytest.mark.parametrize("typed", ["1000001", "-1", "4.5", "9" * 30])
def test_a_number_of_a_condition_says_how_far_it_may_go(typed):
    post = QueryDict(mutable=True)
    post.update({"0:kind": "all", "0-0:kind": "row", "0-0:field": "item_count", "0-0:value": typed})
    top = tree.read(post, facts.carts({}))
    asked.written(top, "EUR")
    assert top.parts[0].problems == {"value": "A whole number from 0 to 1,000,000."}
