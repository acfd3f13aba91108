"""Compiling at save: what an author is told, and what a compiled template knows about itself."""

from dataclasses import FrozenInstanceError, replace

import pytest

from ripresa.domain.templates.compile import MAX_SUBJECT, compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.merge import MergeContext, merge
from ripresa.domain.templates.preflight import MAX_BYTES
from tests.mail_templates import compiled, source

CONTEXT = MergeContext({"cart": {"total": "1 €", "item_count": 1}, "coupon": {"code": ""}})


def refusal(**parts):
    with pytest.raises(TemplateError) as caught:
        compile_template(source(**parts))
    return caught.value


def text_of(written):
    template = compiled(text=f"{written}\n{{{{ links.unsubscribe }}}}")
    return template.text.removesuffix("\n{{ links.unsubscribe }}")


def test_a_compiled_template_is_frozen_and_equal_to_its_like():
    template = compiled("<mj-text>x</mj-text>")
    assert template == compiled("<mj-text>x</mj-text>")
    assert hash(template) == hash(compiled("<mj-text>x</mj-text>"))
    with pytest.raises(FrozenInstanceError):
        template.html = ""


def test_fields_of_all_parts_are_listed():
    template = compiled("<mj-text>{{ cart.total }}</mj-text>", subject="{{ shop.name }}")
    assert template.fields_used == {"cart.total", "shop.name", "links.unsubscribe"}


@pytest.mark.parametrize(
    "parts",
    [
        {"inner": "<mj-text>*|COUPON|*</mj-text>"},
        {"subject": "{{ coupon.code }}"},
        {"text": "{{ coupon.code }} {{ links.unsubscribe }}"},
    ],
)
def test_a_coupon_in_any_part_is_a_need(parts):
    assert compiled(**parts).needs_coupon


def test_a_template_without_a_coupon_needs_none():
    assert not compiled().needs_coupon


@pytest.mark.parametrize(
    ("parts", "part", "line"),
    [
        ({"subject": ""}, "subject", 1),
        ({"subject": "   "}, "subject", 1),
        ({"subject": "one\nBcc: all@x.test"}, "subject", 1),
        ({"subject": "one\r"}, "subject", 1),
        ({"subject": "x" * (MAX_SUBJECT + 1)}, "subject", 1),
        ({"subject": "{{ nosuch }}"}, "subject", 1),
        ({"text": "no way out"}, "text", 1),
        ({"text": "a\nb\n{{ nosuch.field }}"}, "text", 3),
        ({"text": "{% if coupon.code %}{{ links.unsubscribe }}{% endif %}"}, "text", 1),
        ({"text": "x" * (MAX_BYTES + 1)}, "text", 1),
        ({"text": "a\n\ud83d"}, "text", 2),
        ({"inner": "<mj-text>\n\n{{ nosuch.field }}</mj-text>"}, "body", 3),
    ],
)
def test_each_error_names_its_part_and_line(parts, part, line):
    error = refusal(**parts)
    assert (error.part, error.line) == (part, line)


@pytest.mark.parametrize("language", ["", "english", "it_IT", "it\n", "IT", "../it", 'e"n'])
def test_a_language_is_a_language_tag(language):
    with pytest.raises(TemplateError, match="language tag"):
        compile_template(replace(source(), language=language))


@pytest.mark.parametrize(
    "way_out",
    [
        "",
        "{{ links.unsubscribe }}",
        "<!-- <a href='{{ links.unsubscribe }}'>x</a> -->",
        "<!--[if mso]><a href='{{ links.unsubscribe }}'>x</a><![endif]-->",
        "{% if coupon.code %}<a href='{{ links.unsubscribe }}'>x</a>{% endif %}",
    ],
)
def test_every_mail_has_a_link_to_unsubscribe_for_everyone(way_out):
    whole = source()
    mjml = whole.mjml.replace('<a href="{{ links.unsubscribe }}">Stop</a>', way_out)
    with pytest.raises(TemplateError, match="unsubscribe is missing"):
        compile_template(replace(whole, mjml=mjml))


@pytest.mark.parametrize(
    ("written", "merged"),
    [
        ("a\n{% if coupon.code %}\nb\n{% endif %}\nc", "a\nc"),
        ("a\n  {% if not coupon.code %}  \nb\n{% else %}\nx\n{% endif %}\nc", "a\nb\nc"),
        ("a {% if coupon.code %}b{% endif %}\nc", "a \nc"),
        ("a\n{# note #}\nb", "a\nb"),
        ("a\n{{ cart.total }}\nb", "a\n1 €\nb"),
        ("a {%- if not coupon.code -%} b {%- endif %}", "ab"),
        ("{ {x} } }} {", "{ {x} } }} {"),
        ("{", "{"),
    ],
)
def test_lines_of_the_text_part(written, merged):
    assert merge(text_of(written), CONTEXT, is_html=False) == merged


def test_what_costs_too_much_to_fill_in_is_refused_at_save():
    heavy = "{% for i in cart.items %}" + "{{ i.title }}" * 1_900 + "{% endfor %}"
    error = refusal(text=heavy + "{{ links.unsubscribe }}")
    assert error.part == "text"
    assert "fuel" in error.message
