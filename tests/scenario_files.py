"""Scenario files in tests: read against a small shop, wrong ones told line by line."""

import pytest

from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import Plan

BOTH = frozenset({"en", "it"})
TEMPLATES = {
    "reminder": {"email": BOTH, "sms": BOTH, "letter": frozenset({"it"})},
    "last_reminder": {"email": BOTH},
    "agent_reminder": {"email": frozenset({"it"})},
    "agent_notice": {"agent": BOTH},
}
# No shop is known: any pool, segment or stage may be right.
AROUND = Surroundings(TEMPLATES)
SHOP = Surroundings(
    TEMPLATES,
    pools=frozenset({"SPRING", "WELCOME"}),
    segments=frozenset({"VIP"}),
    stages=frozenset({"check_out_abandoned", "confirmed"}),
)
SHORTEST = """\
version: 1
name: Short
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
"""


def parse(text: str, around: Surroundings = AROUND) -> Plan:
    """The plan of a file that is right."""
    return parse_scenario(text, file_name="cart.yaml", around=around)


def problems(text: str, around: Surroundings = AROUND) -> list[str]:
    """What is wrong with a file, one line each."""
    with pytest.raises(ScenarioInvalid) as caught:
        parse(text, around)
    return caught.value.lines()


def with_line(line: str) -> str:
    """The shortest file with one more key, on its line 4."""
    return SHORTEST.replace("steps:", f"\n{line}\nsteps:")


def with_step(step: str) -> str:
    """A file whose only step is this one, on its line 4."""
    return f"version: 1\nname: Short\nsteps:\n  - {step}\n"
