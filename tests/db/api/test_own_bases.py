"""What a shop asks beyond the legal presets over the API."""

from ripresa.domain.audit.models import AuditEntry
from tests.db.api.conftest import Caller, key_of

RULE = {"country": "IT", "channel": "email", "rule": "consent"}


def test_it_is_looked_at_and_set(world, ada):
    said = {"own": [RULE]}
    told = ada.post("/shop/legal-bases/preview", said).json()
    assert told["is_all"]
    assert ada.get("/shop/legal-bases").json() == {"own": []}
    assert Caller(key_of(world.shop, "write")).put("/shop/legal-bases", said).status_code == 403
    assert ada.put("/shop/legal-bases", said).json() == said
    assert ada.get("/shop/legal-bases").json() == said
    assert AuditEntry.objects.get(shop=world.shop, subject_kind="legal").actor_kind == "key"
    laxer = ada.put("/shop/legal-bases", {"own": [RULE | {"rule": "not_refused"}]})
    assert laxer.status_code == 422
    assert "laxer than the preset" in laxer.content.decode()
    assert ada.put("/shop/legal-bases", {}).status_code == 422
