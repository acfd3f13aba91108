"""`ripresa sms count`: the figures of the counter, on the command line."""

import json

import pytest
from typer.testing import CliRunner

from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.problem import Problem
from tests.foreign import FOREIGN

VECTORS = FOREIGN / "vectors/sms"


def ripresa(*words, stdin=None):
    done = CliRunner().invoke(app, ["sms", "count", *words], input=stdin)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


@pytest.mark.foreign
def test_vectors_through_the_command_and_through_stdin():
    for case in json.loads((VECTORS / "twilio_segment_vectors.json").read_text()):
        for found in (
            json.loads(ripresa(case["body"], "--json")),
            json.loads(ripresa("-", "--json", stdin=case["body"].encode() + b"\n")),
        ):
            assert set(found) == {"encoding", "characters", "units", "segments"}
            assert (
                found.items()
                >= {key: case[key] for key in ("encoding", "segments", "characters")}.items()
            )


def test_the_cost_before_and_after():
    found = json.loads(ripresa("Coșul " * 20, "--transliterate", "ro", "--json"))
    assert (found["encoding"], found["segments"]) == ("GSM-7", 1)
    assert (found["before"]["encoding"], found["before"]["segments"]) == ("UCS-2", 2)
    assert found["text"] == "Cosul " * 20


def test_a_sentence_for_people():
    assert ripresa("a" * 161) == "2 parts, GSM-7: 161 of 306 units, 161 characters\n"


def test_what_is_no_text_is_refused():
    with pytest.raises(Problem, match="UTF-8"):
        ripresa("-", stdin=b"\xff\xfe\xff")


def test_merge_fields_count_at_their_longest():
    text = (
        'Ciao {{ person.first_name | default("") }}: {{ links.restore }}'
        "{% if coupon.code %} {{ coupon.code }} {{ coupon.expires_at | default('') }}{% endif %}"
    )
    found = json.loads(ripresa(text, "--fields", "it", "--json"))
    assert "{" not in found["text"]
    assert found["text"].startswith("Ciao aaaaaaaaaaaaaaaaaaaa: https://")
    assert "28 settembre" in found["text"]  # the longest month
    assert found["encoding"] == "GSM-7"
    # One ș in her name makes each part hold 67.
    assert (found["most"]["encoding"], found["most"]["segments"]) == ("UCS-2", 2)


def test_literal_braces_are_counted_as_they_are():
    found = json.loads(ripresa("{{ not a field", "--json"))
    assert (found["characters"], found["units"]) == (14, 16)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{{ person.firstname }}", "did you mean"), ("{{ shop", "has no }}"), (" ", "no text")],
)
def test_what_is_wrong_with_a_text_is_said(text, said):
    with pytest.raises(Problem, match=said):
        ripresa(text, "--fields", "it")
