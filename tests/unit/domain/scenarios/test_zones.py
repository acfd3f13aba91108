import pytest

from ripresa.domain.contacts.places import country_of
from ripresa.domain.scenarios.zones import zone_of

SHOP = "Europe/Rome"


@pytest.mark.parametrize(
    ("timezone", "country", "phone", "expected"),
    [
        ("America/Lima", "RO", "+493012345678", "America/Lima"),
        (None, "RO", "+493012345678", "Europe/Bucharest"),
        (None, None, "+40212345678", "Europe/Bucharest"),
        (None, None, None, SHOP),
        ("Mars/Olympus", "ro", None, "Europe/Bucharest"),
        ("../etc/passwd", None, None, SHOP),
        ("Europe", None, None, SHOP),
        # Büsingen keeps Berlin's time, the Canaries do not keep Madrid's.
        (None, "DE", None, "Europe/Berlin"),
        (None, "ES", None, SHOP),
        (None, "US", "+393331234567", "Europe/Rome"),
        # A country of several clocks: the area code tells, where it has one.
        (None, "US", "+13105550123", "America/Los_Angeles"),
        (None, None, "+12125550123", "America/New_York"),
        (None, None, "+14165550123", "America/Toronto"),
        (None, "ES", "+34922123456", "Atlantic/Canary"),
        (None, None, "+74232123456", "Asia/Vladivostok"),
        (None, None, "+34612345678", SHOP),
        (None, None, "+18005550123", SHOP),
        (None, None, "+15550001111", SHOP),
        (None, "ZZ", "nonsense", SHOP),
    ],
)
def test_profile_then_address_then_phone_then_shop(timezone, country, phone, expected):
    zone = zone_of(timezone=timezone, country=country, phone=phone, shop_zone=SHOP)
    assert zone.key == expected


@pytest.mark.parametrize(
    ("country", "phone", "expected"),
    [
        ("AT", "+393331234567", "AT"),
        ("at", None, "AT"),
        (None, "+393331234567", "IT"),
        ("", "+40712345678", "RO"),
        (None, "+80012345678", "DE"),
        (None, "nonsense", "DE"),
        (None, None, "DE"),
    ],
)
def test_the_country_of_the_address_then_of_the_phone_then_of_the_shop(country, phone, expected):
    assert country_of(country=country, phone=phone, shop_country="DE") == expected
