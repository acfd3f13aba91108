"""Words are kept as their difference from what they were filled from, and come back to the byte."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.messages.wording import pack, source_of, unpack
from ripresa.domain.templates.catalogue import find_template

_WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(html=_WORDS, text=_WORDS, source=st.tuples(_WORDS, _WORDS))
def test_what_was_said_comes_back_to_the_byte(html, text, source):
    body = source_of(*source).body
    assert unpack(pack(html, text, body), body) == (html, text)
    assert unpack(pack(html, text)) == (html, text)


@given(one=st.tuples(_WORDS, _WORDS), other=st.tuples(_WORDS, _WORDS))
def test_a_source_is_known_by_its_content(one, other):
    assert (source_of(*one) == source_of(*other)) == (one == other)
    assert (source_of(*one).id == source_of(*other).id) == (one == other)


def test_a_reminder_takes_a_thousand_bytes():
    template = find_template("reminder", "email", "it")
    source = source_of(template.html, template.text)
    html = template.html
    for _ in range(5):  # links of her own
        html = html.replace("{{", f"https://shop.test/c/{secrets.token_urlsafe(40)}", 1)
    assert len(html) > 15_000
    assert len(pack(html, template.text, source.body)) < 1_000


@pytest.mark.parametrize("size", [40_000, 300_000])
def test_a_template_beyond_the_window_is_kept_all_the_same(size):
    long = secrets.token_hex(size // 2)
    source = source_of(long, "")
    assert unpack(pack(long, "", source.body), source.body) == (long, "")
