"""What is wrong with a file is told in the reader's language, whole, with what stands in the file."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import joined
from ripresa.domain.campaigns.file.campaign_file import Setting, parse_campaign
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.surroundings import MintSums, Surroundings
from ripresa.domain.segments.reading import parse_segment
from scripts.messages import LANGUAGES
from tests.scenario_files import parse

AROUND = Surroundings(
    {"reminder": {"email": frozenset({"en"})}},
    has_sender=False,
    pools=frozenset({"spring"}),
    segments=frozenset(),
    stages=frozenset(),
    ended=frozenset({"Old"}),
    mint_sums=MintSums(lambda: {"prestashop": frozenset({"EUR"}), "shopware": frozenset()}),
)
SCENARIO = """\
version: 2
name: Old
nmae: Older
trigger: {on: chekout, idle: soon}
audience: {segment: VIP, inactive_for: 900mo}
priority: high
holdout: 2
languages: {mode: single, list: [it, it, 17]}
quiet_hours: {sms: {from: "24:00"}, email: {from: "9", until: "9", zone: Europe/Rom}}
sender: {email: nobody}
branches:
  - name: same
    when: {country: Italy, currency: euro, cart_value: {gt: lots}, device: [], item_count: {}}
    steps: []
  - name: same
    steps:
      - {id: a, after: 1h, from: previous, send: mail, template: remainder}
      - {id: a, send: [sms, sms], template: reminder, stage: won, coupon: {pool: sprong}}
      - {id: c, notify: agent, sender: agent, send: [email], coupon: {mint: {amount: "5", currency: USD}}}
      - {id: d, after: 1h, send: [email], template: reminder, coupon: {mint: {percent: 5, currency: USD}}}
test: {name: tone, arms: [{name: a/b, share: 0.5}]}
"""
NO_YAML = ("x: y", "@x", "[a b", "*x", '"\\q"', "\x07", "a\n b: c", "1\n- x", "%")
CAMPAIGN = """\
version: 1
name: Old
about: thank_you
audience: {}
message: {send: [email], template: reminder}
schedule: {until: tomorrow}
budget: {max_cost: "1e9"}
limits: {not_after_order: 3d}
"""
SEGMENT = """\
when:
  abandonment: {value: {gte: lots}, count: {eq: many}}
  orders: {}
  country: {eq: [IT, DE]}
  last_order: {}
  consent.email: {eq: maybe}
"""


def wrong_with(read, *args, **named):
    with pytest.raises(ScenarioInvalid) as caught:
        read(*args, **named)
    return caught.value


def files():
    setting = Setting(AROUND, ZoneInfo("Europe/Rome"), taken=frozenset({"Old"}))
    return (
        wrong_with(parse, SCENARIO, around=AROUND),
        wrong_with(parse_campaign, CAMPAIGN, file_name="c.yaml", setting=setting),
        wrong_with(parse_segment, SEGMENT, file_name="s.yaml", currency="EUR"),
        wrong_with(parse, "name: [", around=AROUND),
        *(wrong_with(parse, f"name: {text}", around=AROUND) for text in NO_YAML),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_a_file_is_told_in_the_language_of_the_page(language):
    invalid = files()
    assert sum(len(one.problems) for one in invalid) > 45
    with translation.override(language):
        for problem in (problem for one in invalid for problem in one.problems):
            told = told_now(problem.message)
            assert not told.is_foreign, problem
            assert told.text != problem.message
            assert all(
                told_now(fact).text in told.text for fact in problem.message.facts.values()
            ), told


def test_hints_and_lines_are_told_with_what_they_stand_in():
    with translation.override("de"):
        scenario, campaign, *_others = files()
        lines = [told_now(line).text for line in scenario.lines()]
        assert "cart.yaml:3: nmae: unbekannter Schlüssel; meinten Sie 'name'?" in lines
        assert any(
            line.endswith(
                "kein verbundener Shop erzeugt Gutscheine in USD: "
                "prestashop erzeugt Gutscheine in EUR; shopware erzeugt Gutscheine in "
            )
            for line in lines
        )
        together = told_now(joined("; ", campaign.lines()[:2])).text
        assert together.count("c.yaml:") == 2
        assert "fehlt" in together
    # Programs and logs read what they always did.
    assert (
        str(scenario).splitlines()[0] == "cart.yaml:1: version: must be a whole number from 1 to 1"
    )
