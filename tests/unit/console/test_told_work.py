"""Why long work does not get on is told in the reader's language, whatever kind of work it is."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils.translation import override

from ripresa.console.work.views import trouble_of
from ripresa.contracts.calling.sayings import Saying
from ripresa.usecases.work_under_way import Work

T0 = datetime(2026, 11, 22, tzinfo=UTC)

PATTERN = "cannot connect to {server}: {why}"
FROM_SHOP = Saying.made_of(PATTERN, {"server": "shop.test", "why": "refused"})


@pytest.mark.parametrize(
    ("kind", "trouble", "fact"),
    [
        ("import", "people.csv is empty", "people.csv"),
        ("campaign", "the budget of 500 messages is used up", "500"),
        ("history", FROM_SHOP, "shop.test"),
    ],
)
@pytest.mark.parametrize("language", ["de", "it", "ro", "ru"])
def test_troubles_are_told_in_the_language_of_the_page(kind, trouble, fact, language):
    work = Work(kind, UUID(int=1), "Work", "failed", 0, None, T0, trouble=trouble)
    with override(language):
        told = trouble_of(work)
    assert told.text != trouble
    assert fact in told.text
    assert not told.is_foreign


def test_what_a_shop_itself_said_is_marked_as_it_came():
    work = Work("history", UUID(int=1), "Work", "failed", 0, None, T0, trouble="HTTP 500: oops")
    with override("it"):
        assert trouble_of(work) == ("HTTP 500: oops", True)


def test_what_gets_on_has_no_trouble():
    assert all(
        not trouble_of(Work(kind, UUID(int=1), "Work", "running", 0, None, T0)).text
        for kind in ("import", "campaign", "history", "replay")
    )
