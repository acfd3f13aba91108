"""Letters as their authors write them: what is understood, and what is said of the rest."""

import pytest

from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.letters.blocks import Cart, Coupon, Qr, decode, encode
from ripresa.domain.templates.letters.compiling import compile_letter, fill
from ripresa.domain.templates.letters.source import parse_letter
from ripresa.domain.templates.merge import CannotMerge
from ripresa.domain.templates.sample import bare_context, full_context

LETTER = """\
subject: "Hello {{ person.first_name | default('there') }}"
blocks:
  - text: |
      One.

      Two.
  - cart: {rows: 2, total: Total, more: "{% if cart.more_count %}and {{ cart.more_count }} more{% endif %}"}
  - coupon: {say: Your code, until: "{% if coupon.expires_at %}until {{ coupon.expires_at }}{% endif %}"}
  - qr: "{% if not coupon.code %}Scan me{% endif %}"
  - picture: {name: hero, width: 60, align: center}
  - signature: {closing: Regards, name: "{{ shop.name }}", picture: signature}
  - small: "{{ links.unsubscribe }}"
"""


def filled(text=LETTER, context=None):
    return fill(compile_letter(parse_letter(text), "en"), context or full_context("en"))


def kinds(letter):
    return [type(block).__name__ for block in letter.blocks]


def test_every_kind_of_block_is_filled_in():
    letter = filled()
    assert kinds(letter) == ["Text", "Cart", "Coupon", "Picture", "Signature", "Small"]
    cart, coupon = letter.blocks[1], letter.blocks[2]
    assert isinstance(cart, Cart)
    assert (len(cart.rows), cart.more) == (2, "and 98 more")
    assert isinstance(coupon, Coupon)
    assert (coupon.code, coupon.until.startswith("until ")) == ("BACK10", True)


def test_without_a_coupon_its_block_is_gone_and_another_may_stand_in():
    letter = filled(context=bare_context("en"))
    assert kinds(letter) == ["Text", "Cart", "Qr", "Picture", "Signature", "Small"]
    assert isinstance(letter.blocks[2], Qr)
    assert letter.subject == "Hello there"


def test_a_letter_is_kept_as_json_and_comes_back():
    assert decode(encode(filled())) == filled()


def test_its_words_as_plain_text():
    text = filled(context=bare_context("en")).text
    assert text.startswith(
        "One.\n\nTwo.\n\n- Tea, 1 × €0.01: €0.01\nTotal: €0.01\n\nScan me\nhttps://"
    )


def test_a_text_that_needs_a_code_is_for_those_who_have_one():
    letter = compile_letter(parse_letter("subject: s\nblocks: [{text: '{{ coupon.code }}'}]"), "en")
    assert letter.needs_coupon
    with pytest.raises(CannotMerge, match="coupon"):
        fill(letter, bare_context("en"))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("subject: [", 1, ""),
        ("- text: a", 1, "subject and blocks"),
        ("subject: a\nblocks: []", 1, "1 to 40"),
        ("subject: a\nheader: b\nblocks: [{text: a}]", 2, "subject and blocks only"),
        ("subject: a\nblocks:\n  - text: a\n  - table: b", 4, "'table' is no block"),
        ("subject: a\nblocks:\n  - text: a\n  - cart:\n      total: T\n      rows: 99", 6, "cart.rows"),
        ("subject: a\nblocks:\n  - cart: {rows: 2}", 3, "total is missing"),
        ("subject: a\nblocks:\n  - picture: {name: x, align: top}", 3, "picture.align"),
        ("subject: a\nblocks:\n  - coupon: {say: a, colour: red}", 3, "unknown"),
        ("subject: a\nblocks:\n  - text: a\n  - text: '{{ person.age }}'", 4, "person.age"),
        ("subject: a\nblocks:\n  - text: '{{ person.first_name }}'", 3, "may be empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text, line, words):
    with pytest.raises(TemplateError) as told:
        compile_letter(parse_letter(text), "en")
    assert told.value.line == line
    assert words in str(told.value)
