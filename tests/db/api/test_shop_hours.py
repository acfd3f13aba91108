"""The shop's own hours over the API: looked at, set by a key that may let something leave."""

from ripresa.domain.audit.models import AuditEntry
from tests.db.api.conftest import Caller, key_of

WEEK = {"channel": "sms", "country": "DE", "week": {"mon": "09:00-20:00"}}


def test_they_are_looked_at_and_set(world, ada):
    said = {"hours": [WEEK], "holidays": [{"on": "12-25"}]}
    told = ada.post("/shop/hours/preview", said).json()
    assert (told["later"], told["never"]) == (0, [])
    assert ada.get("/shop/hours").json()["hours"] == []
    assert Caller(key_of(world.shop, "write")).put("/shop/hours", said).status_code == 403
    assert ada.put("/shop/hours", said).json()["hours"] == [WEEK]
    assert ada.get("/shop/hours").json()["holidays"][0]["on"] == "12-25"
    assert AuditEntry.objects.get(shop=world.shop, subject_kind="hours").actor_kind == "key"
    assert ada.put("/shop/hours", {"hours": [WEEK | {"week": {}}]}).status_code == 422
