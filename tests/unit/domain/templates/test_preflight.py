"""The pre-flight: what reaches the renderer can neither crash it nor come out wrong."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from ripresa.domain.templates import preflight as preflight_module
from ripresa.domain.templates.compile import TemplateSource, compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.mjml.writer import MAX_DEPTH
from ripresa.domain.templates.preflight import MAX_BYTES, check_size, preflight
from tests.mail_templates import TEXT, compiled, in_column, rendered, said, shape


def refusal(mjml):
    with pytest.raises(TemplateError) as caught:
        compile_template(TemplateSource("en", "S", mjml, TEXT))
    assert caught.value.part == "body"
    return caught.value


def refusal_in_text(words):
    return refusal(in_column(f"<mj-text>{words}</mj-text>"))


def prepared(mjml):
    return preflight(check_part(mjml, "body"), "en").mjml


def attribute_of(mail, tag, name):
    found = lxml_html.fromstring(mail.html).find(f".//{tag}[@{name}]")
    return found.get(name)


def test_only_one_module_knows_the_renderer():
    package = Path(preflight_module.__file__).parent
    importing = {
        path.name
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) and any(name.name == "mrml" for name in node.names)
    }
    assert importing == {"compile.py"}
    calls = (package / "compile.py").read_text()
    assert "mrml.to_html(prepared.mjml" in calls


# Size and depth


def test_ten_thousand_nested_tags_are_refused_and_nothing_crashes():
    # Given to the renderer they end the whole process.
    error = refusal_in_text("<div>" * 10_000 + "x" + "</div>" * 10_000)
    assert f"more than {MAX_DEPTH} elements" in error.message


def test_ten_thousand_unclosed_tags_are_refused():
    assert refusal_in_text("<b>" * 10_000).message


def test_the_deepest_allowed_nesting_renders():
    deep = MAX_DEPTH - 6  # mjml, mj-body, mj-section, mj-column, mj-text and one to spare
    assert said(rendered(f"<mj-text>{'<b>' * deep}x{'</b>' * deep}</mj-text>")) == "x"


def test_more_than_512_kilobytes_are_refused():
    assert (
        "the limit is" in refusal(in_column(f"<mj-text>{'è' * (MAX_BYTES // 2)}</mj-text>")).message
    )


def test_half_a_character_is_refused():
    with pytest.raises(TemplateError, match="line 2, column 2"):
        check_size("a\nb\ud800", "text")


# Strict XML


@pytest.mark.parametrize(
    ("mjml", "place"),
    [
        ("", (1, 1)),
        ("\n\n  plain words", (3, 3)),
        ("<mjml>\n<?php echo 1 ?></mjml>", (2, 1)),
        ("<mjml/><mjml/>", (1, 8)),
        ("<mjml>\n  <mj-body>\n    <mj-nosuch/></mj-body></mjml>", (3, 5)),
    ],
)
def test_what_is_no_mjml_is_refused_with_its_place(mjml, place):
    error = refusal(mjml)
    assert (error.line, error.column) == place


@pytest.mark.parametrize(
    "words",
    [
        "a & b",
        "5 < 6",
        "<p>unclosed",
        "</p>",
        "<p></b>",
        '<a href="https://x.test/" href="https://y.test/">x</a>',
        "<td nowrap>x</td>",
        "<a title=bare>x</a>",
        "&nosuchentity;",
        "\x00",
        "\x08",
    ],
)
def test_what_is_not_well_formed_is_refused_where_it_is(words):
    error = refusal(in_column(f"<mj-text>\n\n   {words}</mj-text>"))
    assert error.line == 3


def test_a_billion_laughs_are_not_heard():
    bomb = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><mjml>&b;</mjml>'
    assert "document type" in refusal(bomb).message
    assert "document type" in refusal('<!DOCTYPE m SYSTEM "http://127.0.0.1:1/x"><mjml/>').message


def test_the_place_counts_in_the_authors_own_text():
    # Named entities, void tags and merge tags before it are rewritten, and must not shift it.
    error = refusal_in_text("&egrave;&nbsp;<br>{{ cart.total }}{# note #}<script>")
    before = in_column("<mj-text>&egrave;&nbsp;<br>{{ cart.total }}{# note #}<script>").index(
        "<script>"
    )
    assert (error.line, error.column) == (1, before + 1)


def test_named_entities_void_tags_and_an_xml_declaration_are_understood():
    mjml = '<?xml version="1.0" encoding="ISO-8859-1"?>' + in_column(
        "<mj-text>&egrave; &euro;&hellip;<br>a<hr><img src='https://x.test/a.png'></mj-text>",
    )
    assert "&#232;" not in mjml
    html = compile_template(TemplateSource("en", "S", mjml, TEXT)).html
    assert "è €…" in html
    assert "<br />" in html
    assert "<br></br>" not in html


def test_upper_case_html_is_understood():
    assert said(rendered("<mj-text><B>bold</B><BR>x</mj-text>")) == "bold x"


# What the renderer prints wrong


def test_a_quote_can_not_leave_its_attribute():
    # The renderer alone writes \" here, which ends the attribute and starts another one.
    mail = rendered(
        """<mj-text><a href='https://x.test/' title='a" onmouseover="steal()'>x</a></mj-text>"""
    )
    assert attribute_of(mail, "a", "title") == 'a" onmouseover="steal()'
    assert "onmouseover" not in {name for _, names in shape(mail.html) for name in names}


def test_a_quote_in_the_title_can_not_leave_its_attribute_either():
    mail = rendered("", head='<mj-title>a" onclick="x {{ shop.name }}</mj-title>')
    assert "onclick" not in {name for _, names in shape(mail.html) for name in names}
    assert lxml_html.fromstring(mail.html).find(".//title").text == 'a" onclick="x Bottega'


@pytest.mark.parametrize(
    "value",
    [
        "a\u00a0b",
        "👨\u200d👩\u200d👧",
        "back\\slash \\n",
        "è €",
        "\u200fעברית",
        "e\u0301",
        "\u2028",
        "'",
    ],
)
def test_attribute_values_come_out_as_they_went_in(value):
    mail = rendered(f'<mj-text><a href="https://x.test/" title="{value}">x</a></mj-text>')
    assert attribute_of(mail, "a", "title") == value


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters='{}<&"*\ufffe\uffff'))
)
def test_any_attribute_value_comes_out_as_it_went_in(value):
    found = prepared(
        in_column(f'<mj-text><a href="https://x.test/" title="{value}">x</a></mj-text>')
    )
    quoted = found.split(' title="')[1].split('">x</a>')[0]
    assert quoted.isascii()
    assert lxml_html.fromstring(f'<a title="{quoted}">').get("title") == value


def test_white_space_in_attributes_is_folded():
    assert 'title="a b"' in prepared(in_column('<mj-text><b title="a\n\t  b">x</b></mj-text>'))


def test_short_colours_become_six_digits_and_addresses_stay():
    mjml = prepared(
        in_column(
            '<mj-text color="#AbC"><a style="color:#fff;border:1px solid #1234" href="#abc">x</a></mj-text>',
        ),
    )
    assert 'color="#AAbbCC"' in mjml
    assert "color:#ffffff" in mjml
    assert "#1234" in mjml
    assert 'href="#abc"' in mjml


def test_pictures_without_words_get_an_empty_alt():
    mjml = prepared(
        in_column(
            '<mj-image src="https://x.test/a.png"/><mj-text><img src="https://x.test/b.png"></mj-text>'
        )
    )
    assert mjml.count('alt=""') == 2


def test_the_language_is_written_and_another_one_refused():
    assert '<html lang="en"' in compiled().html
    assert "lang is it" in refusal('<mjml lang="it"><mj-body/></mjml>').message


def test_notes_of_the_author_do_not_go_out_and_conditional_comments_do():
    html = compiled("<mj-raw><!-- secret --><!--[if mso]><b>Outlook</b><![endif]--></mj-raw>").html
    assert "secret" not in html
    assert "<!--[if mso]><b>Outlook</b><![endif]-->" in html


def test_no_comment_can_be_ended_early():
    # An HTML parser ends `<!-->` at once, an XML parser does not.
    mail = rendered("<mj-raw><!--><img src=x onerror=alert(1)> --></mj-raw>")
    assert "onerror" not in mail.html


# What may stand where


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
