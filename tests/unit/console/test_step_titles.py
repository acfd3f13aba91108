"""What steps are called where people read of them: SCN-15's story, lists of messages, reports."""

from ripresa.console.steps.titles import titles_of
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import AGENT, Branch, Plan, Step


def step(name, *, days=0, channels=("email",), base="previous"):
    return Step(name, Duration(seconds=days * 86_400), base, channels, "reminder")


def plan(*branches):
    return Plan("Left", "en", ("en",), branches)


def test_messages_to_the_customer_are_numbered_as_in_the_wizard():
    steps = step("mail-1"), step("tell", channels=(AGENT,)), step("mail-2", days=2)
    assert titles_of(plan(Branch("everyone", steps))) == {
        "mail-1": "Message 1", "tell": "Notice to the agent", "mail-2": "Message 2",
    }  # fmt: skip


def test_where_branches_share_a_number_it_says_when_they_come():
    large = Branch("large", (step("large-1", days=1), step("large-2", days=2)))
    everyone = Branch("everyone", (step("mail-1", base="abandoned"),))
    assert titles_of(plan(large, everyone)) == {
        "large-1": "Message 1, 1 day after the step before",
        "large-2": "Message 2",
        "mail-1": "Message 1, at once when taken up",
    }


def test_the_arms_of_a_test_call_a_step_the_same():
    plain = Branch("everyone/plain", (step("mail-1"),), arm="plain")
    coupon = Branch("everyone/coupon", (step("mail-1"),), arm="coupon")
    assert titles_of(plan(plain, coupon)) == {"mail-1": "Message 1"}
