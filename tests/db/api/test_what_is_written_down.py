"""What programs do with senders, provider accounts and webhooks stands in the shop's log, too."""

from ripresa.domain.audit.models import AuditEntry


def log_of(world, kind: str) -> list[str]:
    entries = AuditEntry.objects.filter(shop=world.shop, subject_kind=kind).order_by("at", "id")
    assert {one.actor_kind for one in entries} == {"key"}
    return sorted(one.action for one in entries)


def test_senders(world, ada):
    made = ada.post("/senders", {"email": "club@wines.test", "name": "Club"}).json()
    page = f"/senders/{made['id']}"
    ada.send("patch", page, {"name": "The club"})
    ada.post(f"{page}/pause", {})
    ada.post(f"{page}/pause", {})  # held already: nothing new
    ada.post(f"{page}/resume")
    ada.send("delete", page)
    assert log_of(world, "sender") == ["changed", "created", "paused", "removed", "resumed"]
    changed = AuditEntry.objects.get(subject_kind="sender", action="changed")
    assert (changed.before, changed.after) == ({"name": "Club"}, {"name": "The club"})


def test_provider_accounts(world, ada, rows):
    page = f"/providers/{rows['account_id']}"
    for what in ("use", "pause", "resume"):
        ada.post(f"{page}/{what}", {} if what == "pause" else None)
    assert log_of(world, "provider") == ["paused", "resumed", "started"]


def test_webhooks(world, ada):
    hook = {"name": "crm", "url": "https://crm.wines.test/?password=1234", "types": ["*"]}
    page = f"/webhooks/{ada.post('/webhooks', hook).json()['webhook']['id']}"
    ada.send(
        "patch", page, {"types": ["order.placed"], "url": "https://crm.wines.test/?password=9"}
    )
    for what, body in (("pause", None), ("resume", None), ("rotate", {})):
        ada.post(f"{page}/{what}", body)
    ada.send("delete", page)
    told = ["changed", "changed", "created", "paused", "removed", "resumed"]
    assert log_of(world, "webhook") == told
    entries = AuditEntry.objects.filter(subject_kind="webhook")
    assert "password" not in str(list(entries.values_list("before", "after")))
