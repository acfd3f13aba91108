"""Filling in: values from outside stay values, whatever they hold."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.core.money import Money
from ripresa.domain.templates.catalogue import list_presets
from ripresa.domain.templates.context import (
    FIRST_ITEMS,
    MAX_ITEMS,
    MAX_WORDS,
    AgentFields,
    CouponFields,
    ItemFields,
    PersonFields,
    ShopFields,
    build_context,
)
from ripresa.domain.templates.language.fields import FIELDS, Kind
from ripresa.domain.templates.merge import CannotMerge, MergeContext, merge
from ripresa.domain.templates.render import TemplateMissing, render, render_preset
from ripresa.domain.templates.sample import bare_context, full_context, sample_fields
from tests.mail_templates import compiled, rendered, said, shape, with_items

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "{{ 7 * 7 }}",
    "{% for i in range(9) %}x{% endfor %}",
    "{# gone #}",
    "*|COUPON|*",
    "--><b>",
    "]]></b>",
    "</td></tr></table>",
    "&lt;b&gt;",
    "a\r\nBcc: all@x.test",
    "a\x00b\x1b[31m",
    "\u202egnp.exe",
    "a\ud800",
    "👩\u200d👩\u200d👧 e\u0301 \u00a0",
]


def priced(title, **more):
    return ItemFields(title, 1, Money(100, "EUR"), **more)


def everywhere(value):
    """A message in which every word from outside is `value`."""
    return replace(
        with_items(priced(value, variant=value, url=value, image_url=value)),
        person=PersonFields(value, value, value),
        agent=AgentFields(value, value, value),
        shop=ShopFields(value, value, value),
        coupon=CouponFields(value),
    )


# Values stay values


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("preset", ["reminder", "agent_reminder"])
def test_nothing_from_outside_becomes_markup(preset, hostile):
    harmless = render_preset(preset, "email", "en", build_context(everywhere("abc"), "en"))
    mail = render_preset(preset, "email", "en", build_context(everywhere(hostile), "en"))
    assert shape(mail.html) == shape(harmless.html)
    assert "49" not in mail.text
    assert "\n" not in mail.subject


@given(st.text())
def test_no_text_at_all_becomes_markup(value):
    template = compiled(
        '<mj-text><b title="{{ shop.name }}">{{ shop.name }}</b></mj-text>'
        '<mj-image src="https://x.test/a.png" alt="{{ shop.name }}"/>',
        subject="{{ shop.name }}",
        head="<mj-title>{{ shop.name }}</mj-title>",
    )
    mails = [
        render(template, build_context(replace(sample_fields(), shop=ShopFields(name)), "en"))
        for name in ("abc", value)
    ]
    assert shape(mails[0].html) == shape(mails[1].html)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", mails[1].subject)


def test_a_tag_in_a_value_is_not_evaluated():
    mail = rendered(
        "<mj-text>{{ shop.name }}</mj-text>",
        replace(sample_fields(), shop=ShopFields("{{ person.email }}")),
    )
    assert said(mail) == "{{ person.email }}"


def test_a_subject_is_one_line_even_from_a_context_of_other_making():
    context = json.loads(json.dumps(bare_context("en")))
    context["shop"]["name"] = "a\r\nBcc: b\u2028c"
    template = compiled(subject="From {{ shop.name }}")
    assert render(template, MergeContext(context)).subject == "From a Bcc: b c"


def test_the_text_part_is_not_escaped_and_the_subject_neither():
    fields = replace(sample_fields(), shop=ShopFields("Tom & Jerry's"))
    mail = rendered(
        "", fields, subject="{{ shop.name }}", text="{{ shop.name }} {{ links.unsubscribe }}"
    )
    assert mail.subject == "Tom & Jerry's"
    assert mail.text.startswith("Tom & Jerry's https://")


def test_links_look_like_links_in_the_source_of_the_html():
    assert f'href="{sample_fields().links.unsubscribe}"' in rendered("").html


@pytest.mark.parametrize("value", ["", " ", "\ud800", "\u200e\u202e", "\x00"])
@pytest.mark.parametrize("preset", [one.name for one in list_presets() if "email" in one.channels])
def test_values_of_nothing_leave_no_hole(preset, value):
    mail = render_preset(preset, "email", "en", build_context(everywhere(value), "en"))
    assert "Hello," in mail.text
    assert "None" not in mail.html


def test_the_first_letter_of_nothing_is_nothing():
    fields = replace(sample_fields(), shop=ShopFields(""))
    assert said(rendered("<mj-text>[{{ shop.name | first | upper }}]</mj-text>", fields)) == "[]"


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " data:text/html,x",
        "ftp://x.test/",
        "//x.test/",
        "/relative",
        "https:",
        "https://",
        'https://x.test/"onload="x',
        "https://x.test/<b>",
        "https://x.test/\\x",
        "https://x.test/\nBcc:",
        "https://x.test/\x00",
        "https://x.test/" + "x" * 2_000,
    ],
)
def test_an_address_that_is_not_http_is_as_good_as_none(address):
    (item,) = build_context(with_items(priced("a", url=address, image_url=address)), "en")["cart"][
        "items"
    ]
    assert (item["url"], item["image_url"]) == ("", "")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://x.test/a?b=1&c='2'", "https://x.test/a?b=1&c='2'"),
        ("HTTP://x.test", "HTTP://x.test"),
        (" https://x.test/my wine.png ", "https://x.test/my%20wine.png"),
        ("https://x.test/è", "https://x.test/è"),
    ],
)
def test_http_addresses_are_kept(address, kept):
    (item,) = build_context(with_items(priced("a", url=address)), "en")["cart"]["items"]
    assert item["url"] == kept


@pytest.mark.parametrize("link", ["", "javascript:x", "https://x.test/a b", "/r/1"])
def test_a_wrong_link_of_our_own_is_our_error_and_said_so(link):
    fields = sample_fields()
    with pytest.raises(ValueError, match="no http"):
        build_context(replace(fields, links=replace(fields.links, restore=link)), "en")


# What the context holds


def kinds(value, field):
    if field.kind is Kind.LIST:
        return all(kinds(row, replace(field, kind=Kind.GROUP)) for row in value)
    if field.kind is Kind.GROUP:
        return value.keys() == field.members.keys() and all(
            kinds(value[name], member) for name, member in field.members.items()
        )
    expected = {Kind.NUMBER: int, Kind.TRUTH: bool}
    return type(value) is expected.get(field.kind, str)


@pytest.mark.parametrize("context", [full_context("it"), bare_context("it")], ids=["full", "bare"])
def test_every_declared_field_is_there_as_plain_data_and_nothing_else(context):
    assert context.keys() == FIELDS.keys()
    assert all(kinds(context[name], field) for name, field in FIELDS.items())


def test_only_fields_that_may_be_empty_are():
    for name, group in FIELDS.items():
        for member, field in group.members.items():
            if field.kind in {Kind.TEXT, Kind.URL}:
                assert bool(bare_context("en")[name][member]) is not field.may_be_empty, (
                    name,
                    member,
                )


def test_money_and_dates_are_written_for_the_reader():
    fields = replace(
        with_items(ItemFields("a", 3, Money(123_450, "EUR"))),
        coupon=CouponFields("X", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)),
    )
    rome = ZoneInfo("Europe/Rome")
    italian, english = build_context(fields, "it", rome), build_context(fields, "en", UTC)
    assert italian["cart"]["items"][0]["line_total"] == "3.703,50\u00a0€"
    assert english["cart"]["items"][0]["unit_price"] == "€1,234.50"
    assert italian["coupon"]["expires_at"] == "1 gennaio, 00:30"
    assert english["coupon"]["expires_at"] == "December 31, 11:30\u202fPM"


@pytest.mark.parametrize(
    ("language", "total"),
    [
        ("pt-BR", "R$\u00a01,00"),
        ("de-XX", "1,00\u00a0R$"),
        ("xx", "R$1.00"),
        ("it", "1,00\u00a0BRL"),
    ],
)
def test_a_region_or_language_nobody_knows_does_not_stop_a_mail(language, total):
    fields = with_items(ItemFields("a", 1, Money(100, "BRL")))
    assert build_context(fields, language)["cart"]["items"][0]["line_total"] == total


@pytest.mark.parametrize(("count", "more"), [(1, 0), (5, 0), (6, 1), (30, 25), (250, 245)])
def test_a_mail_shows_five_items_and_counts_the_others(count, more):
    cart = build_context(with_items(*[priced("a")] * count), "en")["cart"]
    assert len(cart["first_items"]) == min(count, FIRST_ITEMS)
    assert len(cart["items"]) == min(count, MAX_ITEMS)
    assert cart["more_count"] == more
    assert cart["item_count"] == count


def test_a_name_is_as_much_of_it_as_there_is():
    for first, last, name in [
        ("Ada", "Rossi", "Ada Rossi"),
        ("", "Rossi", "Rossi"),
        ("Ada", "", "Ada"),
        ("", "", ""),
    ]:
        fields = replace(sample_fields(), person=PersonFields("a@b.test", first, last))
        assert build_context(fields, "en")["person"]["name"] == name


def test_words_are_one_line_of_bounded_length():
    context = build_context(everywhere(" a\t\u2029b \u202e\x00" + "x" * 1_000), "en")
    name = context["shop"]["name"]
    assert name.startswith("a b x")
    assert len(name) == MAX_WORDS
    assert name.endswith("…")


def test_a_postal_address_becomes_one_line():
    fields = replace(
        sample_fields(), shop=ShopFields("S", "", "Via Roma 1,\n 00184 Roma\r\nItaly\n")
    )
    assert build_context(fields, "en")["shop"]["address"] == "Via Roma 1, 00184 Roma, Italy"


# Fall-backs, conditions, engine


@pytest.mark.parametrize(
    ("first_name", "greeting"),
    [
        ("Ada", "Hello Ada!"),
        ("", "Hello there!"),
        ("   ", "Hello there!"),
        ("\u200e", "Hello there!"),
    ],
)
def test_a_field_without_a_value_uses_its_fall_back(first_name, greeting):
    fields = replace(sample_fields(), person=PersonFields("a@b.test", first_name))
    words = 'Hello {{ person.first_name | default("there") }}!'
    mail = rendered(f"<mj-text>{words}</mj-text>", fields, subject=words)
    assert (mail.subject, said(mail)) == (greeting, greeting)


def test_a_star_tag_prints_the_coupon():
    fields = replace(sample_fields(), coupon=CouponFields("BACK10"))
    assert said(rendered("<mj-text>Use *|COUPON|*</mj-text>", fields)) == "Use BACK10"


def test_a_text_that_needs_a_coupon_is_not_sent_with_a_hole():
    with pytest.raises(CannotMerge, match="coupon"):
        rendered("<mj-text>Use *|COUPON|*</mj-text>")


def test_an_unknown_template_or_language_is_said():
    for name, language in [
        ("nosuch", "en"),
        ("reminder", "xx"),
        ("words", "en"),
        ("../reminder", "en"),
    ]:
        with pytest.raises(TemplateMissing, match=re.escape(name)):
            render_preset(name, "email", language, bare_context("en"))


def test_a_context_that_lacks_a_field_is_an_error_and_no_hole():
    with pytest.raises(CannotMerge):
        merge("{{ shop.nosuch }}", bare_context("en"), is_html=False)
    with pytest.raises(CannotMerge):
        merge("{{ nosuch }}", bare_context("en"), is_html=False)


def test_an_endless_loop_runs_out_of_fuel():
    rows = MergeContext({"cart": {"items": list(range(1_000_000))}})
    with pytest.raises(CannotMerge):
        merge("{% for i in cart.items %}x{% endfor %}", rows, is_html=False)
