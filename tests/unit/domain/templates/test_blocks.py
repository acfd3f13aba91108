"""Each kind of block compiles and says what it should, in markup and in plain text; older documents too."""

import re

import pytest

from ripresa.domain.templates.blocks import richtext, tree
from ripresa.domain.templates.blocks.brand import USUAL, Brand, ink_of
from ripresa.domain.templates.blocks.document import (
    KINDS,
    LETTER_SUBJECT,
    SUBJECT,
    WHY,
    Block,
    Document,
    load,
)
from ripresa.domain.templates.blocks.looks import setting_of
from ripresa.domain.templates.blocks.on_paper import letter_of
from ripresa.domain.templates.blocks.writing import source_of
from ripresa.domain.templates.compile import compile_template
from ripresa.domain.templates.letters.compiling import compile_letter, fill
from ripresa.domain.templates.render import render
from ripresa.domain.templates.sample import bare_context, full_context
from ripresa.usecases.templates.template_faults import (
    MISSING,
    NO_BLOCK,
    NO_PICTURE,
    faults,
    letter_faults,
)

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


def test_rows_and_cells_of_a_pasted_table_stay_apart():
    """As Word copies them: each cell with paragraphs of its own."""
    word = """<p class=MsoNormal>Our offer</p><table class=MsoTableGrid border=1><tbody>
        <tr style='height:1cm'><td width=200><p class=MsoNormal><b>Wine</b><o:p></o:p></p></td><td><p>Bottles</p></td></tr>
        <tr><td><p>Barolo</p><p>2019</p></td><td><p>2</p></td></tr><tr><td><p>&nbsp;</p></td><td></td></tr>
        </tbody></table><h2>And more</h2><p>Bye</p>"""
    assert re.sub(r">\s+<", "><", richtext.clean(word)) == (
        "<p>Our offer</p><p><b>Wine</b> | Bottles</p><p>Barolo 2019 | 2</p><p>And more</p><p>Bye</p>"
    )
    assert richtext.clean("<table><tr><td>a<td>b</table>") == "<p>a | b</p>"
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
    document = Document(blocks=(Block("b1", "text"), columns))
    moved = tree.moved(document, document.blocks[0], tree.Place(0, "b2", 2))
    assert tree.place_of(moved, "b1") == tree.Place(0, "b2", 2)
    narrower = tree.split_into(moved.blocks[0], "1:2")
    assert [len(cell) for cell in narrower.cells] == [0, 1]
    for wrong in (Block("b3", "cart"), Block("b4", "columns")):
        with pytest.raises(tree.NoPlace):
            tree.put(moved, wrong, tree.Place(0, "b2", 0))


def test_a_letter_has_blocks_of_its_own_and_only_cart_and_coupon_go_to_and_fro():
    document = Document(
        blocks=(Block("b1", "cart"), Block("b2", "text")),
        letter=(Block("b3", "paragraphs"),),
        words={"it": {"b2": "<p>mail</p>", "b3": "carta"}},
    )
    assert tree.place_of(document, "b3") == tree.Place(0, tree.LETTER)
    both = tree.moved(document, document.blocks[0], tree.Place(1, tree.LETTER))
    assert [one.id for one in both.letter] == ["b3", "b1"]
    for wrong in (Block("b4", "text"), Block("b5", "columns")):
        with pytest.raises(tree.NoPlace):
            tree.put(document, wrong, tree.Place(0, tree.LETTER))
    with pytest.raises(tree.NoPlace):
        tree.put(document, Block("b6", "signature"), tree.Place(0))
    bare = tree.taken_out(document, "b3")
    assert (bare.letter, bare.said("it")) == ((), {"b2": "<p>mail</p>"})


def paper(*letter: Block, **words: str):
    """A letter for the sample cart: with a coupon, and without anything that can be missing."""
    said = {LETTER_SUBJECT: "Hi", **words}
    document = Document(letter=letter, words={"en": said})
    assert letter_faults(document, "en") == {}
    compiled = compile_letter(letter_of(document, "en"), "en")
    assert not compiled.needs_coupon
    return fill(compiled, full_context("en")), fill(compiled, bare_context("en"))


def test_a_letter_says_what_its_blocks_say_to_whom_they_are_for():
    rich, bare = paper(
        Block("b1", "paragraphs"),
        Block("b2", "coupon", qr="no"),
        Block("b3", "qr", when="no_coupon"),
        Block("b4", "paragraphs", when="coupon"),
        Block("b5", "picture", media="1/x", width=20, align="right", when="no_coupon"),
        Block("b6", "signature"),
        b1='Dear {{ person.first_name | default("friend") }},\n\nsee you',
        b3="Scan me",
        b4="Your code is {{ coupon.code }}",
        b6="Yours,\nfor ever\nAda",
    )
    kinds = [type(one).__name__ for one in rich.blocks]
    assert kinds == ["Text", "Coupon", "Text", "Signature", "Small"]
    assert [type(one).__name__ for one in bare.blocks] == [
        "Text",
        "Qr",
        "Picture",
        "Signature",
        "Small",
    ]
    greeting, coupon, _, signature, way_out = rich.blocks
    assert bare.blocks[0].paragraphs == ("Dear friend,", "see you")
    assert greeting.paragraphs[1] == "see you"
    assert (coupon.link, bool(coupon.code)) == ("", True)
    assert (signature.closing, signature.name) == ("Yours,\nfor ever", "Ada")
    assert (bare.blocks[2].width, bare.blocks[2].align) == (33, "right")
    assert "://" in way_out.paragraphs[0]


def test_what_keeps_a_letter_from_being_printed_is_named_at_its_block():
    letter = (
        Block("b1", "paragraphs"),
        Block("b2", "picture"),
        Block("b3", "qr"),
        Block("b4", "small"),
    )
    words = {"b1": "{{ person.nose }}", "b3": "漢", "b4": " "}
    found = letter_faults(Document(letter=letter, words={"en": words}), "en")
    assert "person.nose" in found.pop("b1")
    assert "U+6F22" in found.pop("b3")
    assert found == {LETTER_SUBJECT: MISSING, "b2": NO_PICTURE, "b4": MISSING}
    assert letter_faults(Document(), "en")["letter"] == NO_BLOCK
    mail = Document(
        blocks=(Block("b5", "heading"),),
        letter=letter,
        words={"en": {SUBJECT: "Hi", "b5": "Hi", **words}},
    )
    assert faults(mail, "en") == {}


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


@pytest.mark.parametrize(
    ("accent", "ink"),
    [("#1f6f5c", "#1f6f5c"), ("#ffe14d", ""), (USUAL.accent, ""), ("#000000", "#000000")],
)
def test_on_paper_a_colour_that_nobody_chose_or_could_read_is_black(accent, ink):
    assert ink_of(Brand(accent=accent)) == ink
