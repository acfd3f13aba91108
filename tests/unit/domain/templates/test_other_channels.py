"""What the presets say by SMS, by letter and to an agent."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ripresa.contracts.sms.folding import cheapest
from ripresa.domain.templates.catalogue import find_template, list_presets, needs_coupon, speaks
from ripresa.domain.templates.compile import compile_text
from ripresa.domain.templates.context import CouponFields, PersonFields, build_context
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.merge import CannotMerge
from ripresa.domain.templates.render import TemplateMissing, render_preset, render_text
from ripresa.domain.templates.sample import bare_context, full_context, sample_fields

LINKS = sample_fields().links
TEXTS = [
    (preset.name, channel, language)
    for preset in list_presets()
    for channel in preset.channels
    if channel != "email"
    for language in preset.languages
]
every = pytest.mark.parametrize(("name", "channel", "language"), TEXTS)
every_sms = pytest.mark.parametrize(
    ("name", "channel", "language"), [one for one in TEXTS if one[1] == "sms"]
)
to_customers = pytest.mark.parametrize(
    ("name", "channel", "language"), [one for one in TEXTS if one[1] != "agent"]
)
# 3GPP TS 23.038, 6.2.1: what an SMS says at one septet a character, and at two.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà" + "^{}\\[~]|€"
)
UNTIL = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)


def said(name, channel, language, fields=None, zone=UTC):
    context = build_context(fields or sample_fields(), language, zone)
    return render_preset(name, channel, language, context)


@every
@pytest.mark.parametrize("make", [full_context, bare_context])
def test_nothing_of_the_merge_language_is_left(name, channel, language, make):
    rendered = render_preset(name, channel, language, make(language))
    for part in (rendered.subject, rendered.text):
        assert not re.search(r"\{\{|\{%|\{#|\}\}|%\}|\*\||\[\[|\]\]", part)
    assert "\n\n\n" not in rendered.text
    assert "None" not in rendered.text


@to_customers
def test_it_leads_back_and_out(name, channel, language):
    text = said(name, channel, language).text
    assert LINKS.unsubscribe in text
    assert (LINKS.restore in text) is (name != "thank_you")


@every_sms
def test_an_sms_needs_no_character_outside_the_gsm_alphabet(name, channel, language):
    fields = replace(sample_fields(), coupon=CouponFields("BACK10", UNTIL))
    rendered = said(name, channel, language, fields)
    # What is no Latin letter of the alphabet costs double, unless the shop lets it be written with them.
    written = cheapest(rendered.text, language) if language in {"ro", "ru"} else rendered.text
    assert set(written) - GSM == set()
    assert "\n" not in rendered.text
    assert rendered.text.startswith("Bottega: ")
    assert (rendered.subject, rendered.html) == ("", "")


@to_customers
def test_a_coupon_is_named_with_its_end_in_the_reader_s_zone_to_those_who_have_one(
    name, channel, language
):
    fields = replace(sample_fields(), coupon=CouponFields("BACK10", UNTIL))
    text = said(name, channel, language, fields, ZoneInfo("Europe/Rome")).text
    assert "BACK10" in text
    assert ("11:30" if language == "en" else "23:30") in text.replace("\u202f", " ")
    assert "BACK10" not in said(name, channel, language).text
    assert not needs_coupon(name, channel, language)


def test_a_letter_has_a_subject_a_greeting_and_paragraphs():
    letter = said("reminder", "letter", "it")
    assert letter.subject == "Hai lasciato qualcosa nel carrello"
    first, *_, last = letter.text.split("\n\n")
    assert first == "Ciao Ada,"
    assert last.startswith("Se preferisci")


def test_the_agent_is_told_who_left_what_and_is_offered_no_link_of_hers():
    fields = replace(
        sample_fields(), person=PersonFields("ada@example.test", "Ada", "Rossi", "+393331234567")
    )
    notice = said("agent_notice", "agent", "en", fields)
    assert notice.subject == "A cart was left behind: €122.30, Ada Rossi"
    for part in (notice.text, notice.html):
        for word in (
            "Bruno",
            "Ada Rossi",
            "ada@example.test",
            "+393331234567",
            "Barolo",
            "€122.30",
        ):
            assert word in part
        assert not {link for link in (LINKS.restore, LINKS.unsubscribe) if link in part}


def test_a_notice_is_no_message_to_a_customer_and_the_other_way_round():
    assert not speaks("agent_notice", "email", "en")
    assert not speaks("reminder", "agent", "en")
    assert not speaks("reminder", "sms", "fr")
    assert not speaks("nosuch", "sms", "en")
    with pytest.raises(TemplateMissing):
        render_preset("reminder", "sms", "fr", bare_context("en"))


def test_a_text_that_names_a_code_is_only_for_those_who_have_one():
    text = compile_text(language="it", subject="", text="Ecco *|COUPON|*")
    assert text.needs_coupon
    fields = replace(sample_fields(), coupon=CouponFields("BACK10"))
    assert render_text(text, build_context(fields, "it")).text == "Ecco BACK10"
    with pytest.raises(CannotMerge):
        render_text(text, bare_context("it"))


@pytest.mark.parametrize("text", ["", "  \n", "{{ nosuch.field }}", "{% if cart.total %}"])
def test_a_text_with_a_mistake_is_none(text):
    with pytest.raises(TemplateError):
        compile_text(language="it", subject="", text=text)


def test_a_text_is_compiled_once():
    assert find_template("reminder", "sms", "it") is find_template("reminder", "sms", "it")
