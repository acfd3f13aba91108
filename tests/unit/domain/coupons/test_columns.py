"""Which column is which."""

import pytest

from ripresa.core.delimited.named_columns import ColumnUnclear
from ripresa.domain.coupons.columns import choose_columns

NAMED = [["Nr", "Coupon Code", "Valid until"], ["1", "AB12", "2027-01-01"]]
BARE = [["1", "AB12"], ["2", "AB13"]]


@pytest.mark.parametrize(
    ("rows", "said", "code", "end", "has_names"),
    [
        ([["AB12"], ["AB13"]], {}, 0, None, False),
        ([["Code"], ["AB13"]], {}, 0, None, True),
        ([["Codice sconto"], ["AB13"]], {}, 0, None, True),
        (NAMED, {}, 1, 2, True),
        (NAMED, {"end": "none"}, 1, None, True),
        (NAMED, {"code": "nr", "end": "3"}, 0, 2, True),
        (NAMED, {"code": "2"}, 1, 2, True),
        (NAMED, {"code": "2", "has_names": False}, 1, None, False),
        (BARE, {"code": "2"}, 1, None, False),
        (BARE, {"code": "2", "has_names": True}, 1, None, True),
        # A first row unlike all that follow is no code, whatever language it speaks.
        ([["Kuponki"], ["AB12"], ["CD34"]], {}, 0, None, True),
        ([["WINTER"], ["SUMMER"], ["SPRING"]], {}, 0, None, False),
        ([["AB1234"], ["CD34"], ["EF56"]], {}, 0, None, False),
    ],
)
def test_columns_are_found(rows, said, code, end, has_names):
    found = choose_columns(rows, **said)
    assert (found.code, found.end, found.names is not None) == (code, end, has_names)


@pytest.mark.parametrize(
    ("rows", "said", "complaint"),
    [
        (BARE, {}, r"Say its name or number: the first row is 1 '1', 2 'AB12'"),
        (BARE, {"code": "3"}, "there is no column 3"),
        (BARE, {"code": "0"}, "there is no column 0"),
        (NAMED, {"code": "Prize"}, r"no column is called 'Prize'.*2 'Coupon Code'"),
        ([["Code", "code"], ["A", "B"]], {"code": "Code"}, "more than one column is called"),
        ([["Code", "Coupon"], ["A", "B"]], {}, "which column holds the codes"),
        (NAMED, {"code": "Coupon-Code", "has_names": False}, "no column is called"),
    ],
)
def test_what_is_unclear_is_asked(rows, said, complaint):
    with pytest.raises(ColumnUnclear, match=complaint):
        choose_columns(rows, **said)


def test_columns_are_said_by_number_and_name():
    found = choose_columns(NAMED)
    assert (found.name(1), choose_columns(BARE, code="1").name(0)) == ("2 'Coupon Code'", "1")
