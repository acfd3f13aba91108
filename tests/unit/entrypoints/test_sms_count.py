"""`ripresa sms count`: the figures of the counter, on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.problem import Problem

VECTORS = Path(__file__).resolve().parents[4] / "shared/data/vectors/sms"


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
