"""Codes that a Medusa shop makes: once each, with an end, and looked at before they are sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ripresa.connectors.medusa.connector import CONNECTOR
from ripresa.contracts.shops.connector import NotLetIn
from tests.contracts.shops.medusa import MEDUSA, shop

SOON = timedelta(minutes=1)


def test_codes_share_a_campaign_and_each_serves_once():
    with shop() as medusa:
        for _ in range(2):
            assert CONNECTOR.mint(medusa.settings, MEDUSA.wanted) == list(MEDUSA.wanted.codes)
        other_end = replace(
            MEDUSA.wanted, codes=("LATER12345",), valid_until=datetime(2099, 2, 1, tzinfo=UTC)
        )
        CONNECTOR.mint(medusa.settings, other_end)
        assert [one["ends_at"] for one in medusa.campaigns] == [
            "2099-01-01T00:00:00+00:00", "2099-02-01T00:00:00+00:00",
        ]  # fmt: skip
        assert [one["limit"] for one in medusa.promotions] == [1, 1, 1]
        method = medusa.promotions[0]["application_method"]
        assert (method["type"], method["value"], method["target_type"]) == (
            "percentage",
            12.5,
            "order",
        )
        money = replace(MEDUSA.wanted, codes=("MONEY12345",), value=Decimal(5), is_percent=False)
        CONNECTOR.mint(medusa.settings, money)
        method = medusa.promotions[-1]["application_method"]
        assert (method["type"], method["value"], method["currency_code"]) == ("fixed", 5, "eur")


def test_a_code_that_is_somebody_elses_is_not_ours_and_what_cannot_be_kept_is_not_promised():
    with shop() as medusa:
        medusa.promotions.append({"code": "BACKAAAA11", "status": "active", "campaign": None})
        assert CONNECTOR.mint(medusa.settings, MEDUSA.wanted) == ["BACKBBBB22"]
        with pytest.raises(NotLetIn, match="no least worth"):
            CONNECTOR.mint(medusa.settings, replace(MEDUSA.wanted, minimum=Decimal(50)))


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({}, True),
        ({"used": 1}, False),
        ({"status": "inactive"}, False),
        ({"campaign": {"ends_at": "2020-01-01T00:00:00.000Z"}}, False),
        ({"campaign": {"ends_at": "soon"}}, None),
        ({"limit": None, "used": 7}, True),
    ],
)
def test_whether_a_code_stands(change, stands):
    with shop() as medusa:
        CONNECTOR.mint(medusa.settings, MEDUSA.wanted)
        medusa.promotions[0] |= change
        told = CONNECTOR.look_at_codes(medusa.settings, [*MEDUSA.wanted.codes, "NOWHERE1"], SOON)
        assert told == {"BACKAAAA11": stands, "BACKBBBB22": True, "NOWHERE1": False}
