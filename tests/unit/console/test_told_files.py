"""Why a file can't be read is told in the reader's language, with the file's name."""

import string

import pytest
from django.utils import translation

from ripresa.console.imports.troubles import TROUBLES, told_trouble
from ripresa.contracts.calling.sayings import either, said_by, say
from ripresa.core.delimited.named_columns import ColumnUnclear, choose_named
from ripresa.core.delimited.reading import Unreadable, look_into
from scripts import messages

LANGUAGES = ("de", "it", "ro", "ru")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"a" * (1 << 20)]
)
def test_what_is_no_table_says_so_in_each_language(content, tmp_path):
    path = tmp_path / "carts of May.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as wrong:
        look_into(path)
    for language in LANGUAGES:
        with translation.override(language):
            told = told_trouble(str(wrong.value))
        assert told != str(wrong.value)
        assert path.name in told


@pytest.mark.parametrize(
    ("sample", "said", "fact"),
    [
        ([["Mail", "mail"], ["a", "b"]], {"email": "Mail"}, "'Mail'"),
        ([["E-mail"], ["a"]], {"email": "Post"}, "'Post'"),
        ([["E-mail"], ["a"]], {"email": "3"}, "3"),
        ([["E-mail"], ["a"]], {"fax": "E-mail"}, "'fax'"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unclear_column_is_told_with_the_first_row(sample, said, fact, language):
    with pytest.raises(ColumnUnclear) as wrong:
        choose_named(sample, words={"email": "email"}, said=said)
    with translation.override(language):
        # As it is said, and as it is kept: in English words.
        for text in (said_by(wrong.value), str(wrong.value)):
            told = told_trouble(text)
            assert told != str(wrong.value)
            assert fact in told


def test_what_is_needed_is_told_with_its_or():
    with translation.override("de"):
        told = told_trouble(
            say(
                "which column holds {fields}? Say its name or number: the first row is {row}",
                fields=either(["email", "phone", "customer_id"]),
                row="1 'x'",
            )
        )
    assert told.startswith("welche Spalte enthält email oder phone oder customer_id?")


def test_each_trouble_is_said_somewhere_and_told_with_its_facts():
    said = set(messages.sayings())
    for pattern in TROUBLES:
        assert pattern in said
        names = {name for _, name, _, _ in string.Formatter().parse(pattern) if name}
        facts = {name: f"x{place}" for place, name in enumerate(sorted(names))}
        with translation.override("it"):
            told = told_trouble(pattern.format_map(facts))
        assert told != pattern.format_map(facts)
        assert [one for one in facts.values() if one not in told] == []
