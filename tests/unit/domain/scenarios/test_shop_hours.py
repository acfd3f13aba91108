"""A shop's own hours: by weekday, channel and country, with holidays, inside which windows lie (SCN-9)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ripresa.domain.scenarios.hours.document import BadHours, read_hours
from ripresa.domain.scenarios.hours.opening import hours_for, next_open
from ripresa.domain.scenarios.plan import Window

ROME = ZoneInfo("Europe/Rome")
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-20:00") | {"sat": "10:00-13:00"}
GERMAN = {"channel": "sms", "country": "DE", "week": {"mon": "10:00-24:00", "sun": "closed"}}
SHOP = read_hours(
    {
        "hours": [{"channel": "sms", "week": WEEK}, GERMAN],
        "holidays": [
            {"on": "12-25", "name": "Christmas"},
            {"on": "2026-12-28", "country": "IT"},
        ],
    }
)
SMS = hours_for(SHOP, "sms", "IT")


def rome(*at: int) -> datetime:
    return datetime(*at, tzinfo=ROME).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (rome(2026, 11, 20, 15), rome(2026, 11, 20, 15)),  # a Friday afternoon
        (rome(2026, 11, 20, 20), rome(2026, 11, 21, 10)),  # Friday evening → Saturday
        (rome(2026, 11, 21, 13), rome(2026, 11, 23, 9)),  # Saturday noon → Monday
        (
            rome(2026, 12, 24, 21),
            rome(2026, 12, 26, 10),
        ),  # Christmas is a Friday; the 26th a Saturday
        (rome(2026, 12, 27, 8), rome(2026, 12, 29, 9)),  # Sunday; Monday is a holiday in Italy
    ],
)
def test_the_next_open_hour(now, opens):
    assert next_open(None, SMS, ROME, now) == opens


def test_a_country_of_its_own_goes_before_everywhere_else():
    german, monday = hours_for(SHOP, "sms", "DE"), rome(2026, 12, 28, 9)
    assert next_open(None, german, ROME, monday) == rome(2026, 12, 28, 10)
    assert next_open(None, german, ROME, rome(2026, 12, 29, 10)) == rome(2027, 1, 4, 10)


def test_a_channel_of_which_nothing_is_said_is_free_even_on_holidays():
    assert hours_for(SHOP, "email", "IT") is None
    at = rome(2026, 12, 25, 3)
    assert next_open(None, None, ROME, at) == at


def test_a_window_lies_inside_the_hours():
    evening = Window(18 * 60, 23 * 60)
    assert next_open(evening, SMS, ROME, rome(2026, 11, 20, 15)) == rome(2026, 11, 20, 18)
    # Saturday has no evening, Sunday is closed.
    assert next_open(evening, SMS, ROME, rome(2026, 11, 20, 20)) == rome(2026, 11, 23, 18)
    assert next_open(Window(6 * 60, 8 * 60), SMS, ROME, rome(2026, 11, 20, 15)) is None


def test_a_night_that_lacks_an_hour():
    nights = read_hours({"hours": [{"channel": "sms", "week": {"sun": "02:30-04:00"}}]})
    hours = hours_for(nights, "sms", "IT")
    # On 28 March 2027 the clock jumps from 02:00 to 03:00.
    opens = next_open(None, hours, ROME, rome(2027, 3, 27, 12))
    assert opens == rome(2027, 3, 28, 3)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"hours": [{"channel": "sms", "week": {}}]}, "some day must be open"),
        ({"hours": [{"channel": "sms", "week": {"mon": "20:00-09:00"}}]}, "hours[0].week.mon"),
        ({"hours": [{"channel": "sms", "week": {"mon": "9-20"}}]}, "is not like '09:00-20:00'"),
        ({"hours": [{"channel": "fax", "week": {"mon": "closed"}}]}, "fax"),
        ({"hours": [GERMAN, GERMAN]}, "stands there twice"),
        ({"hours": [GERMAN | {"country": "Germany"}]}, "no country"),
        ({"holidays": [{"on": "02-30"}]}, "'02-30' is no day"),
        ({"days": []}, "days"),
    ],
)
def test_what_makes_no_sense_is_named(said, told):
    with pytest.raises(BadHours) as wrong:
        read_hours(said)
    assert told in str(wrong.value)
