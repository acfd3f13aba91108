"""What shops and the DNS are in trouble with is told in the reader's language; foreign words stay."""

import pytest
from django.utils import translation

from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import say

MISSING = say("{domain} has no SPF record", domain="wines.test")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "wines.test has no SPF record"),
        ("de", "wines.test hat keinen SPF-Eintrag"),
        ("it", "wines.test non ha un record SPF"),
        ("ro", "wines.test nu are o înregistrare SPF"),
        ("ru", "у wines.test нет SPF-записи"),
    ],
)
def test_a_saying_is_told_in_each_language(language, text):
    with translation.override(language):
        assert told_now(MISSING) == (text, False)


def test_words_of_others_stay_as_they_came():
    foreign = "{host} says {nothing of ours}"
    with translation.override("de"):
        assert told_now(foreign) == (foreign, True)
        refused = say("{host} says {status}: {said}", host="w.test", status=401, said=foreign)
        assert told_now(refused) == (f"w.test antwortet mit 401: {foreign}", False)
