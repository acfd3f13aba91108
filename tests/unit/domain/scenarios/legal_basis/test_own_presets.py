"""CNS-5: the presets can be edited – a file of an installation's own adds some, or takes their place."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from ripresa.contracts.reasons import Reason
from ripresa.core.config import ConfigError
from ripresa.domain.scenarios.legal_basis import presets
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Refused, decide
from tests.architecture.tree import DOCS
from tests.scenario_files import parse, with_line

SILENT = Case(
    country="IT", relation="none", channel="email", has_offer=False, reminders_sent_before=1,
    since_left=timedelta(hours=2), consent="unknown",
)  # fmt: skip
ANYWHERE = '[presets.mine.countries."*"]\n'


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Write a file of own presets and let it hold."""

    def write(text: str) -> Path:
        path = tmp_path / "own.toml"
        path.write_text(text)
        monkeypatch.setenv("RIPRESA_LEGAL_BASES", str(path))
        presets._presets.cache_clear()
        return path

    yield write
    monkeypatch.undo()
    presets._presets.cache_clear()


def test_the_example_of_the_documents_holds(own):
    page = (DOCS / "reference" / "legal-bases.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    own(example)
    assert parse(with_line("legal_basis: our_way")).legal_basis == "our_way"
    assert decide("our_way", SILENT) == Allowed("our_way/recent_reminder@own1")
    late = msgspec.structs.replace(SILENT, since_left=timedelta(hours=25))
    assert decide("our_way", late) == Refused(Reason.LEGAL_BASIS)
    denied = msgspec.structs.replace(SILENT, consent="denied")
    assert decide("our_way", denied) == Refused(Reason.NO_CONSENT)
    # The shipped ones are what they were.
    assert decide("by_country", SILENT) == Refused(Reason.LEGAL_BASIS)
    first = msgspec.structs.replace(SILENT, reminders_sent_before=0)
    assert decide("by_country", first) == Allowed("by_country/IT/one_reminder@2")


def test_a_shipped_preset_can_be_edited(own):
    text = presets.shipped_text().replace("sent_before = 0", "sent_before = 1")
    own(text.replace("version = 2", "version = 7"))
    assert decide("by_country", SILENT) == Allowed("by_country/IT/one_reminder@own7")
    assert presets.preset_names() == ("by_country", "consent", "any", "one_reminder")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version = ", "Invalid value (at end of document)"),
        ("presets = {}", "Object missing required field `version`"),
        ("version = 'one'\npresets = {}", "Expected `int`, got `str` - at `$.version`"),
        ("version = 1\npresets = {}\nrule = 1", "Object contains unknown field `rule`"),
        ("version = 1\n[presets.mine.countries.IT]\nchannels = {'*' = ['consent']}",
         'presets.mine says nothing for countries."*"'),
        (f"version = 1\n{ANYWHERE}channels = {{email = ['consent']}}",
         'presets.mine.countries.* says nothing for channels "*"'),
        (f"version = 1\n{ANYWHERE}channels = {{'*' = ['trust']}}",
         "presets.mine.countries.*: no rule 'trust'; there are: consent, not_refused, earlier_sale, recent_sale, one_text, one_reminder"),
        (f"version = 1\nrules.soon = {{within = 'soon'}}\n{ANYWHERE}channels = {{'*' = ['soon']}}",
         "rules.soon.within: 'soon' is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_name(own, text, told):
    path = own(text)
    with pytest.raises(ConfigError) as caught:
        presets.check()
    assert str(caught.value) == f"RIPRESA_LEGAL_BASES {path}: {told}"


def test_a_file_that_is_not_there_is_refused(own):
    own("").unlink()
    with pytest.raises(ConfigError, match=r"own\.toml: can't be read: No such file or directory"):
        presets.check()
