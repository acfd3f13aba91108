"""The pre-flight: what may stand where in a mail, and what is refused."""

import pytest
from lxml import html as lxml_html

from tests.mail_templates import compiled, in_column, refusal, refusal_in_text, rendered, said


def attribute_of(mail, tag, name):
    found = lxml_html.fromstring(mail.html).find(f".//{tag}[@{name}]")
    return found.get(name)


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<style>b{}</style>",
        "<iframe src='https://x.test/'></iframe>",
        "<object></object>",
        "<form action='https://x.test/'></form>",
        "<input>",
        "<link rel='stylesheet' href='https://x.test/'>",
        "<base href='https://x.test/'>",
        "<meta http-equiv='refresh' content='0'>",
        "<svg></svg>",
        "<mj-button>x</mj-button>",
        "<b onclick='x()'>x</b>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVaScRiPt:alert(1)'>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<a href='//other.test/'>x</a>",
        "<a href='/relative'>x</a>",
        "<a href=''>x</a>",
        "<img src='data:image/png;base64,x'>",
        "<img src='mailto:a@b.test'>",
        "<img src='https://x.test/a.png' srcset='https://y.test/b.png'>",
        "<b style='background:url(https://x.test/)'>x</b>",
        "<b style='width:expression(alert(1))'>x</b>",
        "<b style='b\\61 ckground:x'>x</b>",
    ],
)
def test_what_runs_embeds_or_fetches_is_refused(words):
    assert refusal_in_text(words).line == 1


@pytest.mark.parametrize(
    "mjml",
    [
        in_column("<mj-include path='/etc/passwd'/>"),
        in_column("", head="<mj-include path='http://127.0.0.1:1/'/>"),
        in_column("", head="<mj-font name='X' href='https://fonts.test/x'/>"),
        in_column("", head="<mj-html-attributes></mj-html-attributes>"),
        in_column("<mj-carousel></mj-carousel>"),
        in_column("<mj-accordion></mj-accordion>"),
        in_column(
            "<mj-social><mj-social-element name='facebook' href='https://x.test/'/></mj-social>"
        ),
        in_column("<mj-section></mj-section>"),
        in_column("words"),
        in_column("{{ cart.total }}"),
        in_column("", head="<mj-style>@import 'https://x.test/a.css';</mj-style>"),
        in_column("", head="<mj-style>b{background:url(https://x.test/)}</mj-style>"),
        in_column("", head="<mj-style>@font-face{}</mj-style>"),
        in_column("", head="<mj-style>b{color:{{ shop.name }}}</mj-style>"),
        in_column("", head="<mj-style>&lt;/style&gt;</mj-style>"),
        in_column("", head="<mj-style>@imp<!-- -->ort 'x'</mj-style>"),
        in_column(
            "", head="<mj-raw><meta http-equiv='refresh' content='0;https://x.test/'></mj-raw>"
        ),
        in_column("", head="<mj-raw>words</mj-raw>"),
        in_column("", head="{% if coupon.code %}<mj-title>x</mj-title>{% endif %}"),
        in_column("<mj-button href='javascript:x'>x</mj-button>"),
        in_column("<mj-image src='ftp://x.test/a.png'/>"),
        in_column("<mj-text color='red;background:url(https://x.test/)'>x</mj-text>"),
        in_column("<mj-text><mj-text>x</mj-text></mj-text>"),
        in_column("<mj-image src='https://x.test/a.png'>words</mj-image>"),
        "<mjml><mj-body/><mj-body/></mjml>",
        "<mj-body></mj-body>",
    ],
)
def test_what_has_no_place_in_a_mail_is_refused(mjml):
    assert refusal(mjml).message


def test_no_font_is_fetched():
    html = compiled(
        "<mj-text>x</mj-text>", head="<mj-attributes><mj-all font-family='Ubuntu'/></mj-attributes>"
    ).html
    assert "fonts.googleapis" not in html
    assert "@import" not in html
    assert "<link" not in html


def test_selectors_of_children_stay_selectors():
    assert (
        "td > b { color: red; }"
        in compiled(head="<mj-style>td > b { color: red; }</mj-style>").html
    )


# Merge tags on their way


def test_smaller_than_inside_a_tag_is_no_markup():
    assert (
        said(
            rendered("<mj-text>{% if cart.item_count < 5 %}few{% else %}many{% endif %}</mj-text>")
        )
        == "few"
    )


def test_quotes_inside_a_tag_do_not_end_an_attribute():
    mail = rendered('<mj-text><b title="{{ person.name | default("you") }}">x</b></mj-text>')
    assert attribute_of(mail, "b", "title") == "Ada Rossi"


def test_loops_may_go_around_components_and_table_rows():
    loop = '{% for item in cart.items %}<mj-image src="{{ item.image_url | default("https://x.test/a.png") }}" alt="{{ item.title }}"/>{% endfor %}'
    table = "<mj-table>{% for item in cart.items %}<tr><td>{{ item.title }}</td></tr>{% endfor %}</mj-table>"
    raw = "<mj-raw>{% for item in cart.items %}</mj-raw><mj-text>{{ item.quantity }}</mj-text><mj-raw>{% endfor %}</mj-raw>".replace(
        "<mj-text>{{ item.quantity }}</mj-text>", "<mj-divider/>"
    )
    mail = rendered(loop + table + raw)
    tree = lxml_html.fromstring(mail.html)
    assert len(tree.findall(".//img")) == 3
    assert [
        cell.text
        for cell in tree.iterfind(".//td")
        if cell.text in {"Barolo DOCG 2019", "Hand-painted serving plate"}
    ]
    assert mail.html.count("border-top:solid") >= 3


@pytest.mark.parametrize(
    "words",
    [
        "{% if coupon.code %}<b>{% endif %}</b>",
        "<b>{% if coupon.code %}</b>{% endif %}",
        '<a href="https://x.test/{% if coupon.code %}">x{% endif %}</a>',
        "{% if coupon.code %}<b>{% else %}</b>{% endif %}",
        "<!-- {% if coupon.code %} -->x<!-- {% endif %} -->",
    ],
)
def test_a_block_closes_in_the_element_where_it_began(words):
    assert refusal_in_text(words).message


@pytest.mark.parametrize(
    "words",
    [
        "<{{ shop.name }}>x</{{ shop.name }}>",
        '<b {{ shop.name }}="x">x</b>',
        '<b style="color:{{ shop.name }}">x</b>',
        '<b class="{{ shop.name }}">x</b>',
        '<b style="{% if coupon.code %}color:red{% endif %}">x</b>',
    ],
)
def test_a_field_stands_only_where_its_value_stays_words(words):
    assert refusal_in_text(words).message


def test_a_field_stands_in_no_attribute_of_a_component_but_links_and_words():
    assert (
        "can't stand in color"
        in refusal(in_column('<mj-text color="{{ shop.name }}">x</mj-text>')).message
    )


@pytest.mark.parametrize(
    "address",
    [
        "{{ person.email }}",
        "{{ links.restore | default('javascript:x') }}",
        "https://{{ shop.name }}",
        "https://{{ shop.name }}/",
        "https://x.test/?q={{ person.email }}",
        "{% if coupon.code %}java{% endif %}script:x",
        "{{ shop.url | default('x') }}",
    ],
)
def test_an_address_is_a_known_one_or_begins_with_one(address):
    assert refusal_in_text(f'<a href="{address}">x</a>').message


@pytest.mark.parametrize(
    "address",
    [
        "{{ links.restore }}",
        "{{ links.restore }}?from=mail",
        "{{ shop.url | default('https://x.test/') }}",
        "{{ shop.url | default(links.restore) }}",
        "https://x.test",
        "https://x.test/?q={{ person.email | urlencode }}&amp;n={{ cart.item_count }}",
        "{% if shop.url %}{{ shop.url }}{% else %}{{ links.view }}{% endif %}",
        "mailto:a@b.test",
        "tel:+39061234",
        "#top",
    ],
)
def test_sound_addresses_pass(address):
    compiled(f'<mj-text><a href="{address}">x</a></mj-text>')


def test_braces_from_entities_are_never_a_tag():
    mail = rendered(
        "<mj-text>&#123;&#123; person.email }} &#123;% set x %} {&#35; {{ cart.item_count }}</mj-text>"
    )
    assert said(mail) == "{{ person.email }} {% set x %} {# 4"


def test_a_text_that_looks_like_our_own_placeholder_stays_text():
    assert (
        said(rendered("<mj-text>mergetag0e MERGETAG0E mergetagg1e {{ cart.item_count }}</mj-text>"))
        == "mergetag0e MERGETAG0E mergetagg1e 4"
    )


def test_a_tag_that_would_be_lost_is_refused():
    error = refusal(
        in_column('<mj-button href="{{ links.restore }}" alt="{{ shop.name }}">x</mj-button>')
    )
    assert "has no effect here" in error.message
