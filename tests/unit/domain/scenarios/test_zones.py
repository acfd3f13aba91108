import pytest

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
        (None, "ZZ", "nonsense", SHOP),
    ],
)
def test_profile_then_address_then_phone_then_shop(timezone, country, phone, expected):
    zone = zone_of(timezone=timezone, country=country, phone=phone, shop_zone=SHOP)
    assert zone.key == expected
