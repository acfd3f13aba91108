"""The merge language: what may be said, and that everything else is refused at save, with its place."""

import pytest

from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import MAX_TAGS, check_part
from ripresa.domain.templates.language.fields import FIELDS, PRINTABLE, Kind


def merge_source(text):
    return "".join(tag.merge for tag in check_part(text, "text").tags)


def refusal(text, part="text"):
    with pytest.raises(TemplateError) as caught:
        check_part(text, part)
    return caught.value


@pytest.mark.parametrize(
    ("written", "merged"),
    [
        ("{{ person.email }}", "{{ person.email }}"),
        ("{{person.email}}", "{{ person.email }}"),
        ("{{- person.email -}}", "{{- person.email -}}"),
        (
            "{{ person.first_name | default('you') }}",
            "{{ person.first_name | default('you', true) }}",
        ),
        ('{{ person.name | default("a", true) }}', '{{ person.name | default("a", true) }}'),
        (
            "{{ person.name | default(shop.name) | upper }}",
            "{{ person.name | default(shop.name, true) | upper }}",
        ),
        (
            "{% if cart.item_count >= 3 and not coupon.code %}{% endif %}",
            "{% if (cart.item_count >= 3) and (not coupon.code) %}{% endif %}",
        ),
        (
            "{% if cart.items | length > 1 %}{% endif %}",
            "{% if cart.items | length > 1 %}{% endif %}",
        ),
        ("{# a note #}", ""),
        ("*|EMAIL|*", "{{ person.email }}"),
        ("*|unsub|*", "{{ links.unsubscribe }}"),
    ],
)
def test_tags_are_written_anew_for_the_engine(written, merged):
    assert merge_source(written) == merged


@pytest.mark.parametrize(
    "written",
    [
        "{{ 3 * 4 }}",
        "{{ cart.items * 1000000000 }}",
        "{{ 1 + 1 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ 10 // 3 }}",
        "{{ 2 ** 64 }}",
        "{{ 7 % 2 }}",
        "{{ -1 }}",
        "{{ range(3) }}",
        "{{ person.email.upper() }}",
        "{{ cart.items[0] }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{{ 1.5 }}",
        "{{ 'a' if coupon.code else 'b' }}",
        "{{ person.email is defined }}",
        "{{ person.email | safe }}",
        "{{ person.email | tojson }}",
        "{{ person.email | upper('x') }}",
        "{{ person.name | default }}",
        "{{ person.__class__ }}",
        "{{ none }}",
        "{{ self }}",
        "{{ loop.index }}",
        "{{ 'a\\'b' }}",
        "{{ “smart” }}",
        "{{ }}",
        "{{ person.email | }}",
        "{{ (person.email }}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'other' %}",
        "{% import 'other' as o %}",
        "{% extends 'other' %}",
        "{% block b %}{% endblock %}",
        "{% call f() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% with x = 1 %}{% endwith %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% raw %}{% endraw %}",
        "{% do x %}",
        "{% for a, b in cart.items %}{% endfor %}",
        "{% for i in cart.items recursive %}{% endfor %}",
        "{% for i in cart.items if i.title %}{% endfor %}",
        "{% for i in person.email %}{% endfor %}",
        "{% for i in 'abc' %}{% endfor %}",
        "{% for person in cart.items %}{% endfor %}",
        "{% for loop in cart.items %}{% endfor %}",
        "{% for i in cart.items %}{% for j in cart.items %}{% endfor %}{% endfor %}",
        "{% for i in cart.items %}{% else %}{% endfor %}",
        "{% if coupon.code %}",
        "{% for i in cart.items %}{% endif %}",
        "{% endif %}",
        "{% else %}",
        "{% elif coupon.code %}",
        "{% if coupon.code %}{% else %}{% else %}{% endif %}",
        "{% %}",
        "{% if %}{% endif %}",
        "{{ person.email",
        "{% if coupon.code",
        "{# never closed",
        "{{ cart }}",
        "{{ cart.items }}",
        "{{ 1 < 2 }}",
        "{% if cart.total > 100 %}{% endif %}",
        "{% if cart.item_count == 'three' %}{% endif %}",
        "{% if cart.items == cart.first_items %}{% endif %}",
        "{{ links.restore | upper }}",
        "*|NOSUCH|*",
    ],
)
def test_nothing_but_fields_filters_if_for_and_comparisons(written):
    error = refusal("first line\nab" + written)
    assert (error.line, error.part) == (2, "text")
    assert error.column >= 3
    assert error.message


def test_a_product_of_a_list_never_reaches_the_engine():
    # In the engine it costs one unit of fuel and gigabytes.
    assert "* is not possible" in refusal("{{ cart.items * 999999999 }}").message


def test_an_unknown_field_is_named_with_the_nearest_known_one():
    error = refusal("Hello\n  {{ person.frist_name }}")
    assert (error.line, error.column) == (2, 6)
    assert error.message == "person.frist_name is no field; did you mean person.first_name?"
    assert str(error) == f"text, line 2, column 6: {error.message}"


def test_an_unknown_field_in_a_condition_counts_too():
    assert refusal("{% if person.age > 3 %}{% endif %}").column == 7


def test_a_loops_variable_ends_with_the_loop():
    assert (
        "item.title is no field"
        in refusal(
            "{% for item in cart.items %}{{ item.title }}{% endfor %}{{ item.title }}",
        ).message
    )


def test_a_star_tag_that_is_unknown_lists_the_known_ones():
    assert "*|COUPON|*" in refusal("*|NOSUCH|*").message


@pytest.mark.parametrize(
    "harmless", ["*|not a tag|*", "5 *| 6", "}} %}", "{ person.email }", "{ {x} }"]
)
def test_what_only_looks_like_a_tag_is_text(harmless):
    assert check_part(harmless, "text").tags == ()


@pytest.mark.parametrize(
    "written",
    [
        "{{ person.first_name }}",
        "{{ person.first_name | upper }}",
        "{{ coupon.expires_at }}",
        "{{ shop.address }}",
        "{{ agent.name }}",
        "{% if person.last_name %}{{ person.first_name }}{% endif %}",
        "{% if person.first_name or shop.address %}{{ person.first_name }}{% endif %}",
        "{% if not person.first_name %}{{ person.first_name }}{% endif %}",
        "{% if person.first_name %}{% else %}{{ person.first_name }}{% endif %}",
        "{% if person.first_name %}{% endif %}{{ person.first_name }}",
        "{% for i in cart.items %}{{ i.variant }}{% endfor %}",
        "{{ person.first_name | default(person.last_name) }}",
    ],
)
def test_a_field_that_may_be_empty_needs_a_fall_back_or_an_if(written):
    assert "may be empty" in refusal(written).message


@pytest.mark.parametrize(
    "written",
    [
        '{{ person.first_name | default("there") }}',
        '{{ person.first_name | default("") }}',
        '{{ person.first_name | upper | default("you") }}',
        '{{ person.first_name | default(person.last_name) | default("you") }}',
        "{{ person.first_name | default(person.email) }}",
        "{% if person.first_name %}{{ person.first_name }}{% endif %}",
        "{% if person.first_name and person.last_name %}{{ person.last_name }}{% endif %}",
        "{% if not person.first_name %}{% else %}{{ person.first_name }}{% endif %}",
        "{% if not person.first_name %}{% elif cart.item_count > 1 %}{{ person.first_name }}{% endif %}",
        "{% if cart.item_count > 1 %}{% elif person.name %}{{ person.name }}{% endif %}",
        "{% for i in cart.items %}{% if i.variant %}{{ i.variant }}{% endif %}{% endfor %}",
    ],
)
def test_a_field_with_a_fall_back_or_an_if_is_fine(written):
    assert check_part(written, "text").tags


def test_a_bare_coupon_is_a_need_and_not_an_error():
    assert check_part("Use *|COUPON|* today", "text").needs_coupon
    assert not check_part("{% if coupon.code %}{{ coupon.code }}{% endif %}", "text").needs_coupon
    assert not check_part('{{ coupon.code | default("none") }}', "text").needs_coupon


def test_fields_used_are_named_by_their_place_in_the_cart():
    used = check_part(
        "{% for row in cart.items %}{{ row.title }}{% if loop.last %}{{ cart.total }}{% endif %}{% endfor %}",
        "text",
    ).fields_used
    assert used == {"cart.items", "cart.items.title", "cart.total"}


def test_every_field_can_be_asked_for():
    fields = {
        f"{root}.{name}": field
        for root, group in FIELDS.items()
        for name, field in group.members.items()
    }
    for name, field in fields.items():
        if field.kind in PRINTABLE:
            check_part(f"{{% if {name} %}}x{{% endif %}}", "text")
        for row in field.members if field.kind is Kind.LIST else ():
            asked = f"{{% if row.{row} %}}x{{% endif %}}"
            check_part(f"{{% for row in {name} %}}{asked}{{% endfor %}}", "text")


def test_entities_inside_a_tag_of_the_body_mean_what_they_say():
    (tag, _) = check_part("{% if cart.item_count &lt; 3 %}{% endif %}", "body").tags
    assert tag.merge == "{% if cart.item_count < 3 %}"


@pytest.mark.parametrize(
    "bomb",
    [
        "{{ " + "(" * 400 + " }}",
        "{% if " + "not " * 100 + "coupon.code %}{% endif %}",
        "{{ person.email" + " | upper" * 80 + " }}",
        "{% if a" + " or a" * 90 + " %}",
        "{{ " + "x" * 100_000 + " }}",
        "{{ " * 100_000,
        "{% if coupon.code %}" * 500,
        "{% if coupon.code %}" + "{% elif coupon.code %}" * 500 + "{% endif %}",
        "{{ cart.total }}" * (MAX_TAGS + 1),
    ],
)
def test_a_bomb_is_refused_in_words(bomb):
    try:
        check_part(bomb, "text")
    except TemplateError as error:
        assert len(str(error)) < 2_000  # noqa: PT017  (either outcome is sound; a crash is not)
