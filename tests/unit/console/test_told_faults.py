"""What is wrong with a text, a letter, a campaign or an account is told in the reader's language, facts and all."""

import pytest
from django.utils import translation

from ripresa.connectors.woocommerce.rest import rest
from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.sms.settings import checked
from ripresa.domain.templates.compile import TemplateSource, compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.letters.addresses import BadAddress
from ripresa.domain.templates.letters.typeface import NoGlyph, typeface
from ripresa.entrypoints.registry import CONNECTORS, PROVIDERS
from ripresa.usecases.popup.settings import BadPopup, read_popup

LANGUAGES = ("de", "it", "ro", "ru")
# The private key of RFC 8032, 7.1, test 1, in PKCS 8.
_ED25519 = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
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


def _in_account(provider: str, given: dict[str, str]) -> str:
    """What a provider says of settings it can't be opened with."""
    declared = PROVIDERS[provider]
    needed = {one.name: "1" for one in declared.settings if one.default is None}
    with pytest.raises(BadSettings) as wrong:
        declared.open(declared.complete({**needed, **given}))
    return said_by(wrong.value)


def _incomplete(provider: str, given: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as wrong:
        PROVIDERS[provider].complete(given)
    return said_by(wrong.value)


def _in_popup(said: object) -> str:
    with pytest.raises(BadPopup) as wrong:
        read_popup(said)
    return said_by(wrong.value)


def _in_connection(given: dict[str, str]) -> str:
    declared = CONNECTORS["woocommerce"]
    needed = {one.name: "https://shop.test" for one in declared.settings if one.default is None}
    with pytest.raises(BadSettings) as wrong, rest(declared.complete({**needed, **given})):
        pass
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
        (lambda: _incomplete("imap", {}), ["imap", "host"]),
        (lambda: _incomplete("smtp", {"dkim": "x"}), ["smtp", "'dkim'", "dkim_selector"]),
        (lambda: _in_account("smtp", {"url": "mail.test"}), ["url", "smtps://"]),
        (lambda: _in_account("smtp", {"url": "smtp://mail.test?tls=maybe"}), ["tls", "'maybe'"]),
        (
            lambda: _in_account(
                "smtp",
                {
                    "url": "smtp://mail.test",
                    "dkim_domain": "a b",
                    "dkim_selector": "s",
                    "dkim_key": _ED25519,
                },
            ),
            ["DKIM", "'a b'"],
        ),
        (lambda: _in_account("pingen", {"print_mode": "both"}), ["print_mode", "'both'"]),
        (
            lambda: _in_account("print_folder", {"folder": "/", "duplex": "maybe"}),
            ["duplex", "'maybe'"],
        ),
        (
            lambda: _in_account("print_folder", {"folder": "/", "postage": "much"}),
            ["postage", "'much'"],
        ),
        (lambda: _in_popup({"colours": {"text": "red"}}), ["colours.text", "'red'"]),
        (lambda: _in_popup({"default_language": "xx"}), ["default_language", "'xx'"]),
        (lambda: _in_connection({"permalinks": "Plain"}), ["permalinks", "'Plain'"]),
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
