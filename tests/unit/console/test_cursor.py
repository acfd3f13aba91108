"""Places in a list, as they stand in an address."""

from datetime import UTC, datetime

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from ripresa.console.layout import cursor

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
INSTANTS = st.datetimes(
    min_value=FIRST.replace(tzinfo=None),
    max_value=LAST.replace(tzinfo=None),
    timezones=st.just(UTC),
)


@given(INSTANTS, st.uuids())
def test_comes_back_to_the_microsecond(at, row_id):
    assert cursor.parse(cursor.dump(at, row_id)) == (at, row_id)


@given(st.text(min_size=1))
def test_anything_else_is_a_page_that_is_not_there(text):
    try:
        at, row_id = cursor.parse(text)
    except Http404:
        return
    assert cursor.parse(cursor.dump(at, row_id)) == (at, row_id)


@given(st.text(min_size=1))
def test_so_is_an_id_that_is_none(text):
    try:
        assert cursor.parse_id(text) is not None
    except Http404:
        return


@pytest.mark.parametrize("text", [None, ""])
def test_no_place_is_the_beginning(text):
    assert cursor.parse(text) is None
    assert cursor.parse_id(text) is None
