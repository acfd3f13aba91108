"""The console speaks five languages fully (LNG-3): nothing missing, nothing left over, nothing mangled."""

import re
import tomllib

import pytest

from ripresa.console.layout.language import ENDONYMS
from scripts import messages

PLACEHOLDERS = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|(?<!\{)\{[a-z_0-9]+(?:!r)?\}(?!\})")


@pytest.fixture(scope="module")
def said() -> set[messages.Message]:
    return messages.messages_in_sources()


def test_every_language_but_english_has_a_catalogue():
    assert {*messages.LANGUAGES, "en"} == set(ENDONYMS)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated_and_none_is_left_over(language, said):
    catalogue = messages.read_catalogue(language)
    known = {each.id for each in catalogue if each.id}
    assert said - known == set(), "run `make messages`, then translate what is empty"
    assert known - said == set(), "run `make messages`"
    assert messages.untranslated(catalogue) == []
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_keeps_its_placeholders_and_its_edges(language):
    for each in messages.read_catalogue(language):
        ids = each.id if isinstance(each.id, tuple) else (each.id,)
        said = each.string if isinstance(each.string, tuple) else (each.string,)
        if not each.id:
            continue
        for text in said:
            assert sorted(PLACEHOLDERS.findall(text)) == sorted(PLACEHOLDERS.findall(ids[-1])), text
            assert text == text.strip(), text
            # A label stays a label and a sentence a sentence.
            assert text.endswith(".") == ids[-1].endswith("."), text


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_runs_is_what_was_translated(language):
    compiled = messages.LOCALES / language / "LC_MESSAGES" / "django.mo"
    fresh = messages.compiled(messages.read_catalogue(language))
    assert compiled.read_bytes() == fresh, "run `make messages`"


# The console speaks politely to whoever works with it: Sie, dumneavoastră, вы; in Italian tu, as the shops'
# own texts do. What stands on a button is a command to the program, and no address: Salvează, Alege.
OTHER_ADDRESS = {
    "de": re.compile(r"\b(du|dich|dir|dein\w*)\b|[:;.] (Prüfe|Öffne|Ändere|Füge|Beginne|Leere|Wähle) "),
    "it": re.compile(r"(?<=[a-zàèéìòù,] )(Lei|Suo|Sua|Suoi|Sue)\b|\b(scelga|inserisca|attenda|riprovi)\b"),
    "ro": re.compile(
        r"\b(tău|tale|tăi|ție|îți|ești|poți|vrei|trimiți|faci|primești|lași)\b"
        r"|(^|[.:;] )(apoi )?(alege|adaugă|verifică|încearcă|așteaptă|mergi|spune|autentifică-te|creează)"
        r"\b[^.:;]*\.$|\bîncearcă din nou",
        re.IGNORECASE,
    ),
    "ru": re.compile(r"\b(ты|тебя|тебе|тво[йяеи]\w*|выбери|введи|нажми|проверь|добавь)\b", re.IGNORECASE),
}  # fmt: skip


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_everybody_is_addressed_in_one_way(language):
    catalogue = messages.read_catalogue(language)
    said = [
        text
        for each in catalogue
        if each.id
        for text in (each.string if isinstance(each.string, tuple) else (each.string,))
    ]
    with (messages.ROOT.parent / "domain/messages/owner_words.toml").open("rb") as file:
        said += [notice["text"] for notice in tomllib.load(file)[language].values()]
    assert [text for text in said if OTHER_ADDRESS[language].search(text)] == []
