"""What is wrong with a text, a letter, a campaign or an account is told in the reader's language, facts and all."""

import pytest
from django.utils import translation

from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.sms.settings import checked
from ripresa.domain.templates.compile import TemplateSource, compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.letters.addresses import BadAddress
from ripresa.domain.templates.letters.typeface import NoGlyph, typeface

LANGUAGES = ("de", "it", "ro", "ru")
BARE = "<mjml><mj-body></mj-body></mjml>"


def _in_words(source: str) -> str:
    with pytest.raises(TemplateError) as wrong:
        check_part(source, "text")
    return wrong.value.message


def _in_mail(mjml: str) -> str:
    with pytest.raises(TemplateError) as wrong:
        compile_template(TemplateSource("it", "Hello", mjml, "…"))
    return said_by(wrong.value)


def _without_glyph() -> str:
    with pytest.raises(NoGlyph) as wrong:
        typeface().check("a \U0001f600")
    return said_by(wrong.value)


def _in_settings(given: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as wrong:
        checked({"sender": "", **given})
    return said_by(wrong.value)


@pytest.mark.parametrize(
    ("find", "facts"),
    [
        (lambda: _in_words("{{ person.frist_name }}"), ["person.frist_name", "person.first_name"]),
        (lambda: _in_words("{{ cart.items }}"), ["{% for item in cart.items %}"]),
        (lambda: _in_words("{% if cart %}"), ["{% if %}", "{% endif %}"]),
        (lambda: _in_words("{{ person.name + 1 }}"), ["+"]),
        (
            lambda: _in_words("{{ person.first_name }}"),
            ['{{ person.first_name | default("…") }}', "{% if person.first_name %}"],
        ),
        (lambda: _in_mail("<p>"), ["1"]),
        (lambda: _in_mail(BARE.replace("></mj-body", ">words</mj-body")), ["<mj-body>"]),
        (lambda: _in_mail(BARE), ["{{ links.unsubscribe }}"]),
        (_without_glyph, ["U+1F600", "GRINNING FACE"]),
        (lambda: _in_settings({"sender": "much too long"}), ["'much too long'"]),
        (lambda: _in_settings({"low_balance": "few"}), ["low_balance", "'few'"]),
        (lambda: said_by(BadAddress("street", _in_words("{{ x"))), ["{{", "}}"]),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_told(find, facts, language):
    said = find()
    with translation.override(language):
        told = told_now(said)
    assert not told.is_foreign
    assert told.text != said
    assert [one for one in facts if one not in told.text] == []
