"""CAP-9: crawlers are known by the name of their browser, or by their address; people are not taken for any."""

import json

import pytest

from ripresa.domain.carts.rows import _is_bot
from tests.foreign import FOREIGN

LIST = FOREIGN / "vectors/user_agents/crawler-user-agents.json"

PEOPLE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
        "Mobile/15E148 Safari/604.1"
    ),
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21A329 "
        "[FBAN/FBIOS;FBAV/440.0.0.0;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS]"
    ),
    (
        "Mozilla/5.0 (Linux; Android 13; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile "
        "Safari/537.36 Instagram 312.0.0.0"
    ),
)


@pytest.mark.foreign
def test_every_crawler_of_the_list_is_known():
    agents = {agent for each in json.loads(LIST.read_text()) for agent in each["instances"]}
    assert len(agents) > 2000
    assert sorted(agent for agent in agents if not _is_bot(agent, None)) == []


@pytest.mark.parametrize("agent", PEOPLE)
def test_a_person_is_no_crawler(agent):
    assert not _is_bot(agent, "email:ada@mail.test")


def test_who_checks_out_by_a_crawlers_address_is_one():
    assert _is_bot(None, "email:store.quality.team@storebotmail.joonix.net")
    assert not _is_bot(None, "email:ada@storebotmail.joonix.net.example.test")
