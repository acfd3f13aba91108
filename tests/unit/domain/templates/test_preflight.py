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
from ripresa.domain.templates.mjml.writer import MAX_DEPTH
from ripresa.domain.templates.preflight import MAX_BYTES, check_size
from tests.mail_templates import (
    TEXT,
    compiled,
    in_column,
    prepared,
    refusal,
    refusal_in_text,
    rendered,
    said,
    shape,
)


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
