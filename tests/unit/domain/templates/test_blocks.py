"""Each kind of block compiles and says what it should, in markup and in plain text; older documents too."""

import re

import pytest

from ripresa.domain.templates.blocks import richtext, tree
from ripresa.domain.templates.blocks.brand import USUAL, Brand
from ripresa.domain.templates.blocks.document import KINDS, SUBJECT, WHY, Block, Document, load
from ripresa.domain.templates.blocks.writing import setting_of, source_of
from ripresa.domain.templates.compile import compile_template
from ripresa.domain.templates.render import render
from ripresa.domain.templates.sample import bare_context, full_context
from ripresa.usecases.template_faults import faults

BASE = "https://mail.shop.example"
KEY = f"7/{'ab' * 32}-1200.jpg"
SOCIAL = Brand(social={"instagram": "https://instagram.example/shop"})
RAW = "<mj-text>Raw {{ shop.name }}</mj-text>"


def seen(*blocks: Block, context=None, brand: Brand = USUAL, **said: str):
    document = Document(blocks=blocks, words={"en": {SUBJECT: "Hi", **said}})
    source = source_of(document, "en", setting_of(brand, BASE))
    return render(compile_template(source), context or full_context("en"))


WORDS = {"text": "<p>Some <strong>words</strong></p>", "raw": RAW}
SETTINGS = {
    "image": {"media": KEY},
    "columns": {"cells": ((Block("b2", "text"),), (Block("b3", "image", media=KEY),))},
}
EXPECTED = {
    "heading": "A title", "text": "<strong>words</strong>", "button": "A title", "image": f"{BASE}/m/7/abab",
    "divider": "border-top:solid 1px", "spacer": "height:24px", "columns": "Left", "product": "€1,234,567.89",
    "social": "https://instagram.example/shop", "cart": "€1,234,567.89", "coupon": "BACK10", "raw": "Raw",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_compiles_alone_with_every_setting(kind):
    block = Block("b1", kind, **SETTINGS.get(kind, {}))
    words = {"b1": WORDS.get(kind, "A title"), "b2": "<p>Left</p>", "b3": "A bottle"}
    assert EXPECTED[kind] in seen(block, brand=SOCIAL, **words).html
    dressed = Block(
        "b1", kind, align="right", above=3, below=4, width=50, size=19, colour="#102030",
        background="#fefefe", when="bought", **SETTINGS.get(kind, {}),
    )  # fmt: skip
    assert EXPECTED[kind] not in seen(dressed, brand=SOCIAL, **words).html
    html = seen(dressed, brand=SOCIAL, context=bought(), **words).html
    assert EXPECTED[kind].replace("solid 1px", "solid 19px") in html


def bought():
    context = {**full_context("en")}
    context["person"] = {**context["person"], "has_bought": True}
    return context


def test_the_plain_text_says_the_same():
    text = seen(
        Block("b1", "heading"),
        Block("b2", "text"),
        Block("b3", "button", link="https://shop.example/sale"),
        Block("b4", "product", product="own", price="9 EUR"),
        Block("b5", "columns", cells=((Block("b6", "text"),), (Block("b7", "text"),))),
        Block("b8", "text", when="no_coupon"),
        b1="Title",
        b2='<p>One<br>two</p><ul><li>three</li></ul><p><a href="{{ links.restore }}">back</a></p>',
        b3="Sale",
        b4="Barolo",
        b6="<p>left</p>",
        b7="<p>right</p>",
        b8="<p>never said</p>",
    ).text
    for part in (
        "Title\n\nOne\ntwo\n\n- three\n\nback: https://mail.shop.example/r/sample\n\nSale:\n",
        "Barolo · 9 EUR",
        "left\n\nright",
        "/u/sample",
    ):
        assert part in text
    assert "never said" not in text


def test_a_brand_is_in_every_mail_and_the_way_out_stays():
    brand = Brand(
        page="#010203", accent="#040506", button="#070809", logo=KEY, company="Wines & Co", notes={"en": "P.S."}
    )  # fmt: skip
    html = seen(
        Block("b1", "button"), brand=brand, b1="Go", **{WHY: "Because {{ shop.name }}"}
    ).html
    for part in (
        "#010203",
        "#040506",
        "#070809",
        "-600.jpg",
        "Wines &amp; Co",
        "P.S.",
        "Because Wide",
    ):
        assert part in html
    assert "/u/sample" in html
    assert compile_template(
        source_of(Document(words={"en": {SUBJECT: "x"}}), "en", setting_of(USUAL, BASE))
    )


def test_whoever_edits_the_html_gets_no_more_than_words_in():
    cleaned = richtext.clean(
        '<div>a <script>alert(1)</script><b onclick="x()">b</b> <a href="javascript:1">c</a>'
        ' <a href="{{ links.restore }}">d</a> <img src=x onerror=y> {{ cart.total }}</div><p><br></p>'
    )
    assert cleaned == (
        '<p>a <b>b</b> <a>c</a> <a href="{{ links.restore }}">d</a>  {{ cart.total }}</p>'
    )
    assert richtext.clean("5 < 6\n\n**so**") == "<p>5 &lt; 6</p><p><strong>so</strong></p>"
    assert richtext.clean(" \n ") == ""
    for link in ("javascript:1", "//x.test", "https://a b", "data:x"):
        assert not richtext.is_link(link)
    for link in ("https://x.test/?a=1&b=2", "mailto:a@x.test", "{{ links.view }}", "*|CART|*"):
        assert richtext.is_link(link)


def test_documents_of_the_first_version_read_as_ever():
    first = {
        "version": 1,
        "blocks": [
            {"id": "b1", "kind": "text", "align": "center"},
            {"id": "b2", "kind": "heading"},
        ],
        "words": {
            "en": {"subject": "Hi", "b1": "One\n\n**two** [here](https://x.test)", "b2": "**kept**"}
        },
    }
    document = load(first)
    assert document.version == 2
    assert document.said("en")["b1"] == (
        '<p>One</p><p><strong>two</strong> <a href="https://x.test">here</a></p>'
    )
    assert document.said("en")["b2"] == "**kept**"
    assert document.blocks[0].align == "center"


def test_blocks_move_between_the_mail_and_its_columns():
    columns = tree.split_into(Block("b2", "columns"), "1:1:1")
    blocks = (Block("b1", "text"), columns)
    moved = tree.put(tree.without(blocks, "b1"), blocks[0], tree.Place(0, "b2", 2))
    document = Document(blocks=moved)
    assert tree.place_of(document, "b1") == tree.Place(0, "b2", 2)
    narrower = tree.split_into(document.blocks[0], "1:2")
    assert [len(cell) for cell in narrower.cells] == [0, 1]
    for wrong in (Block("b3", "cart"), Block("b4", "columns")):
        with pytest.raises(tree.NoPlace):
            tree.put(moved, wrong, tree.Place(0, "b2", 0))


@pytest.mark.parametrize(
    ("mjml", "said"),
    [
        ("<mj-text>\n  {{ person.nose }}\n</mj-text>", r"line 2, column 6: person\.nose is no field; did you"),
        ("<mj-text>a</mj-text>\n<mj-carousel />", r"line 2, column 1: <mj-carousel>"),
        ('<mj-text onclick="x">a</mj-text>', r"line 1, column 1: onclick"),
        ("<mj-section><mj-column><mj-text>a</mj-text></mj-column>", r"line \d, column \d+: "),
        ("<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section>", ""),
    ],
)  # fmt: skip
def test_raw_mjml_is_refused_with_its_own_line(mjml, said):
    document = Document(blocks=(Block("b1", "raw"),), words={"en": {SUBJECT: "Hi", "b1": mjml}})
    found = faults(document, "en")
    assert re.match(said, found["b1"]) if said else found == {}


def test_a_coupon_code_in_edrones_way_is_understood():
    mail = seen(Block("b1", "heading"), b1="Your code: *|COUPON|*")
    assert "Your code: BACK10" in mail.html
    assert bare_context("en")["coupon"]["code"] == ""
