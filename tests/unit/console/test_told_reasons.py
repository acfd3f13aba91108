"""Why something stands still is kept in English and told in the reader's language."""

import string

import pytest
from django.utils import translation

from ripresa.console.connections.reasons import told_reason
from ripresa.contracts.calling.standstill import REASONS
from ripresa.domain.messages.owner_notices import words_of
from scripts import messages

LANGUAGES = ("de", "it", "ro", "ru")


@pytest.fixture(scope="module")
def sayings():
    return set(messages.sayings())


@pytest.mark.parametrize("pattern", REASONS)
def test_each_reason_is_said_somewhere_and_told_with_its_facts(pattern, sayings):
    assert pattern in sayings
    names = {name for _, name, _, _ in string.Formatter().parse(pattern) if name}
    facts = {name: f"spring/{place} 4.20" for place, name in enumerate(sorted(names))}
    kept = pattern.format_map(facts)
    for language in LANGUAGES:
        with translation.override(language):
            told = told_reason(kept).text
        assert told != kept
        assert [one for one in facts.values() if one not in told] == []
    with translation.override("en"):
        assert told_reason(kept).text == kept


def test_a_reason_within_a_reason_is_told_too():
    with translation.override("de"):
        told = told_reason("nothing has arrived for 5 days; last: status 503")
    assert told.text == "seit 5 Tagen ist nichts angekommen; zuletzt: Status 503"


def test_what_a_member_wrote_stays_as_it_is():
    with translation.override("de"):
        assert told_reason("Prezzi {sbagliati}") == ("Prezzi {sbagliati}", False)
        assert told_reason("") == ("", False)


def test_an_owner_reads_the_reason_in_the_language_of_her_mail():
    words = words_of("webhook", "erp", "nothing has arrived for 5 days; last: status 503", "de-AT")
    assert "seit 5 Tagen ist nichts angekommen; zuletzt: Status 503" in words.text
    assert "status 503" in words_of("webhook", "erp", "status 503", "pt-BR").text
