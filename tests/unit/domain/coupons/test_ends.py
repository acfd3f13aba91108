"""Dates as files write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ripresa.domain.coupons.ends import DateOrder, NotADate, SlashedDates, read_end

ROME = ZoneInfo("Europe/Rome")
DMY, MDY = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order", "instant"),
    [
        ("2027-04-03", None, datetime(2027, 4, 3, 21, 59, 59, tzinfo=UTC)),
        ("20270403", None, datetime(2027, 4, 3, 21, 59, 59, tzinfo=UTC)),
        (" 2027-01-03 18:00 ", None, datetime(2027, 1, 3, 17, 0, tzinfo=UTC)),
        ("2027-04-03T18:00:00Z", None, datetime(2027, 4, 3, 18, 0, tzinfo=UTC)),
        ("2027-04-03T18:00+05:30", None, datetime(2027, 4, 3, 12, 30, tzinfo=UTC)),
        ("3.4.2027", MDY, datetime(2027, 4, 3, 21, 59, 59, tzinfo=UTC)),
        ("03.04.2027 9:30", None, datetime(2027, 4, 3, 7, 30, tzinfo=UTC)),
        ("03/04/2027", DMY, datetime(2027, 4, 3, 21, 59, 59, tzinfo=UTC)),
        ("03/04/2027", MDY, datetime(2027, 3, 4, 22, 59, 59, tzinfo=UTC)),
        ("3/4/2027 23:59:58", DMY, datetime(2027, 4, 3, 21, 59, 58, tzinfo=UTC)),
        ("03/03/2027", None, datetime(2027, 3, 3, 22, 59, 59, tzinfo=UTC)),
        ("", None, None),
        ("  ", None, None),
    ],
)
def test_a_day_counts_to_its_end_in_the_zone_of_the_shop(text, order, instant):
    assert read_end(text, zone=ROME, order=order) == instant


@pytest.mark.parametrize(
    "text", ["soon", "2027-02-30", "31/31/2027", "32.1.2027", "3.4.27", "1/2/2027 25:00", "9999-12-31T23:59-12:00"]
)  # fmt: skip
def test_what_is_no_date_is_told(text):
    with pytest.raises(NotADate, match="write it like 2027-04-03"):
        read_end(text, zone=ZoneInfo("Asia/Tokyo"), order=DMY)


@pytest.mark.parametrize(
    ("texts", "order", "is_unclear"),
    [
        (["31/12/2027", "01/02/2027"], DMY, False),
        (["12/31/2027", "01/02/2027"], MDY, False),
        (["01/02/2027"], None, True),
        (["31/12/2027", "12/31/2027"], None, True),
        (["03/03/2027", "2027-01-02", "", "x"], None, False),
    ],
)
def test_a_column_says_its_order_as_a_whole(texts, order, is_unclear):
    seen = SlashedDates()
    for text in texts:
        seen.see(text)
    assert (seen.order, seen.is_unclear) == (order, is_unclear)
