"""Machines are told from people, by name and by pace; all crawlers of the list are known."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.feedback import FeedbackKind
from ripresa.domain.messages.machines import Seen, Verdict, verdict_on_agent, verdicts_on
from tests.foreign import FOREIGN

SHARED = FOREIGN / "vectors" / "user_agents"
LEFT = datetime(2026, 10, 3, 15, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
PEOPLE = [
    FIREFOX,
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT}",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_are_people(agent):
    assert verdict_on_agent(agent) == Verdict("person")


@pytest.mark.parametrize(
    ("agent", "rule"),
    [
        ("", "no_agent"),
        ("  ", "no_agent"),
        ("Mozilla/5.0", "privacy_proxy"),
        ("BarracudaCentral/1.0", "scanner"),
        ("Mozilla/5.0 (compatible; ms-office; MSOffice 16)", "scanner"),
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", "crawler"),
        ("curl/8.5.0", "crawler"),
    ],
)
def test_machines_by_their_names(agent, rule):
    assert verdict_on_agent(agent) == Verdict("machine", rule)


@pytest.mark.foreign
def test_every_crawler_of_the_list_is_a_machine():
    listed = json.loads((SHARED / "crawler-user-agents.json").read_text(encoding="utf-8"))
    agents = [agent for one in listed for agent in one["instances"]]
    assert len(agents) > 2_000
    assert [agent for agent in agents if verdict_on_agent(agent).who != "machine"] == []


def click(seconds, url="/a", **about):
    return Seen(
        FeedbackKind.CLICKED, LEFT + timedelta(seconds=seconds), url,
        about.pop("user_agent", FIREFOX), **about,
    )  # fmt: skip


def rules(*seen, links=5):
    return [one.rule for one in verdicts_on(seen, handed_over_at=LEFT, links=links)]


@pytest.mark.parametrize(
    ("seen", "links", "expected"),
    [
        ([click(4)], 5, ["too_soon"]),
        ([click(5)], 5, [""]),
        ([click(60, ip="40.92.3.4")], 5, ["network"]),
        ([click(60, ip="2a01:111::5")], 5, ["network"]),
        ([click(60, ip="not an address")], 5, [""]),
        ([click(60, is_probe=True)], 5, ["probe"]),
        ([click(60, "/a"), click(61, "/b"), click(62, "/c")], 5, ["burst"] * 3),
        ([click(60, "/a"), click(61, "/b"), click(63, "/c")], 5, [""] * 3),
        ([click(60, "/a"), click(61, "/a"), click(62, "/a")], 5, [""] * 3),
        ([click(60, "/a"), click(70, "/b")], 2, ["sweep"] * 2),
        ([click(60, "/a"), click(71, "/b")], 2, [""] * 2),
        ([click(60, "/a")], 1, [""]),
        ([click(60, "/a"), click(70, "/b")], 0, [""] * 2),
    ],
)
def test_machines_by_their_pace(seen, links, expected):
    assert rules(*seen, links=links) == expected


clicks = st.lists(
    st.builds(click, st.integers(0, 30), st.sampled_from(["/a", "/b", "/c", "/d"])), max_size=7
)


@given(clicks, st.randoms())
def test_a_verdict_does_not_depend_on_the_order_in_which_clicks_were_told(seen, random):
    told = dict(zip(seen, verdicts_on(seen, handed_over_at=LEFT, links=4), strict=True))
    shuffled = random.sample(seen, len(seen))
    verdicts = verdicts_on(shuffled, handed_over_at=LEFT, links=4)
    assert dict(zip(shuffled, verdicts, strict=True)) == told


@given(clicks, clicks)
def test_more_that_is_seen_never_makes_a_person_of_a_machine(seen, more):
    before = verdicts_on(seen, handed_over_at=LEFT, links=4)
    after = verdicts_on([*seen, *more], handed_over_at=LEFT, links=4)[: len(seen)]
    pairs = zip(before, after, strict=True)
    assert all(now.who == "machine" for then, now in pairs if then.who == "machine")
