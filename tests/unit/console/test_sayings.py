"""What shops and the DNS are in trouble with is told in the reader's language; foreign words stay."""

import copy
import json

import pytest
from django.utils import translation

from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import kept, remade, say

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


def test_what_was_kept_is_what_it_was():
    refused = say("{host} says {status}", host="w.test", status=503)
    nested = say("Which plugins run in the shop can't be seen: {why}.", why=refused)
    told = json.loads(json.dumps([nested, kept(nested)]))
    with translation.override("it"):
        assert told_now(remade(*told)) == told_now(nested)
    assert remade("something else", told[1]) == "something else"
    # Copied, as values of programs are, it stays what it is.
    assert copy.deepcopy(nested).facts["why"].pattern == refused.pattern


def test_words_of_others_stay_as_they_came():
    foreign = "{host} says {nothing of ours}"
    with translation.override("de"):
        assert told_now(foreign) == (foreign, True)
        refused = say("{host} says {status}: {said}", host="w.test", status=401, said=foreign)
        assert told_now(refused) == (f"w.test antwortet mit 401: {foreign}", False)


def test_what_a_mail_server_refuses_is_told_with_its_own_words():
    """A trouble within a trouble, as an account that is tried meets it."""
    said = say("no answer in time")
    broken = say("cannot connect to {server}: {why}", server="mx.test:25", why=said)
    server = "mx.test:587"
    refused = say("the mail server {server} lets nobody in: {said}", server=server, said="554 no")
    with translation.override("it"):
        assert told_now(broken).text == (
            "impossibile connettersi a mx.test:25: nessuna risposta entro il tempo previsto"
        )
        assert told_now(refused) == (
            "il server di posta mx.test:587 non accetta nessuno: 554 no",
            False,
        )
