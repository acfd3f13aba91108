"""The arms of a test as a form: what it shows it takes again, word for word (SCN-17)."""

from ripresa.console.wizard import arms
from ripresa.domain.scenarios.file.editing import ScenarioText

FILE = """\
version: 1
name: Left
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: tell, after: 2d, notify: agent}
test:
  name: offer
  arms:
    - {name: plain, share: 0.3334}
    - {name: sum, share: 0.3333, steps: {first: {coupon: {mint: {amount: "5.00", currency: RON}, valid_for: 2d}}}}
    - {name: later, share: 0.3333, steps: {first: {after: 1mo2d, coupon: none}, tell: {after: 3h}}}
"""


def posted(scenario):
    form, _arms, _tried = arms.show(scenario, held=())
    said = {field.name: field.value for field in form.values()}
    return said | {f"{field.name}-unit": field.unit for field in form.values() if field.unit}


def test_what_is_shown_is_taken_again_word_for_word():
    scenario = ScenarioText(FILE)
    assert arms.take(scenario, posted(scenario), held=()) == {}
    assert scenario.text() == FILE


def test_a_coupon_is_a_share_or_a_sum_and_not_both():
    scenario = ScenarioText(FILE)
    both = {**posted(scenario), "a1b0s0_percent": "10"}
    assert list(arms.take(scenario, both, held=())) == ["a1b0s0_sum"]
    assert scenario.text() == FILE
    arms.take(scenario, {**both, "a1b0s0_sum": ""}, held=())
    assert "{coupon: {mint: {percent: 10}, valid_for: 2d}}" in scenario.text()
