"""Addresses as they stand on an envelope, by the country they go to."""

from dataclasses import replace

import pytest

from ripresa.contracts.channel import PostalAddress
from ripresa.domain.templates.letters.addresses import BadAddress, address_lines

ROME = PostalAddress("Ben Rossi", ("Via Roma 1",), "00184", "Roma", "RM", "IT")


def lines(to, origin="IT", room=6, width=80.0):
    return address_lines(to, origin=origin, width_mm=width, room=room)


@pytest.mark.parametrize(
    ("to", "origin", "wanted"),
    [
        (ROME, "IT", ["Ben Rossi", "Via Roma 1", "00184 ROMA RM"]),
        (replace(ROME, region=""), "DE", ["Ben Rossi", "Via Roma 1", "00184 ROMA", "ITALY"]),
        (
            PostalAddress("Anna Muster", ("Bahnhofstrasse 3",), "8001", "Zürich", "", "CH"),
            "CH",
            ["Anna Muster", "Bahnhofstrasse 3", "8001 Zürich"],
        ),
        (
            PostalAddress("Anna Muster", ("Bahnhofstrasse 3",), "8001", "Zürich", "", "CH"),
            "IT",
            ["Anna Muster", "Bahnhofstrasse 3", "CH-8001 Zürich", "SWITZERLAND"],
        ),
        (
            PostalAddress("Bob", ("1 Market St", "Apt 4"), "94103", "San Francisco", "California", "US"),
            "US",
            ["Bob", "1 Market St", "Apt 4", "SAN FRANCISCO, CA 94103"],
        ),
        (
            PostalAddress("Ion Țăran", ("Str. Ștefan cel Mare 3",), "010011", "București", "București", "RO"),
            "RO",
            ["Ion Țăran", "Str. Ștefan cel Mare 3", "010011 BUCUREȘTI"],
        ),
        (
            PostalAddress("Jane", ("10 Downing St",), "SW1A 2AA", "London", "", "GB"),
            "DE",
            ["Jane", "10 Downing St", "LONDON", "SW1A 2AA", "UNITED KINGDOM"],
        ),
    ],
)  # fmt: skip
def test_an_address_by_the_rules_of_its_country(to, origin, wanted):
    assert list(lines(to, origin)) == wanted


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"lines": ()}, "street"),
        ({"lines": ("  ",)}, "street"),
        ({"city": ""}, "city"),
        ({"postal_code": ""}, "postal_code"),
        ({"postal_code": "184"}, "postal_code"),
        ({"country": "ZZ"}, "country"),
        ({"country": "Italia"}, "country"),
        ({"lines": tuple(f"line {n}" for n in range(6))}, "street"),
        ({"lines": ("x" * 200,)}, "street"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(changes, field):
    with pytest.raises(BadAddress) as told:
        lines(replace(ROME, **changes))
    assert told.value.field == field
    assert str(told.value)


def test_a_state_that_a_country_asks_for_must_be_one_of_its_own():
    bob = PostalAddress("Bob", ("1 Market St",), "94103", "San Francisco", "", "US")
    for region in ("", "Bavaria"):
        with pytest.raises(BadAddress) as told:
            lines(replace(bob, region=region), "US")
        assert told.value.field == "region"


def test_a_parcel_locker_takes_no_letters():
    with pytest.raises(BadAddress, match="locker"):
        lines(PostalAddress("Ada", ("Packstation 123",), "10115", "Berlin", "", "DE"), "DE")


def test_a_long_line_takes_two_and_no_more_than_there_is_room_for():
    long = replace(ROME, name="Società Agricola Fratelli Rossi e Figli di Montalcino")
    assert len(lines(long, width=58)) == 4
    with pytest.raises(BadAddress, match="room for 3"):
        lines(long, width=58, room=3)
