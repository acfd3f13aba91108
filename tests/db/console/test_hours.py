"""A shop's own hours: what they would change is told, they are saved, and the engine keeps them."""

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from tests.db.console.pages import text_of
from tests.rows import DAY, T0, make_message


def test_a_week_is_typed_looked_at_and_saved(world, ada):
    # T0 is Friday 16:00 in Rome; what is due on Saturday would wait for Monday.
    Message.objects.filter(state="planned").delete()
    run = Recovery.objects.get(cart_id=world.ben_cart.id)
    waiting = make_message(run, 3, "planned", T0 + DAY)
    Message.objects.filter(id=waiting.id).update(reason="quiet_hours")
    week = {f"{day}-{end}": at for day in ("mon", "fri") for end, at in
            (("from", "09:00"), ("until", "00:00"))}  # fmt: skip
    page = "/wines/settings/hours/week/"
    assert ada.post(page, {"channel": "email", "country": "*"}).status_code == 422
    answer = ada.post(page, {"channel": "email", "country": "*", **week})
    assert "1 message was looked at" in text_of(answer)
    assert (answer.context["told"].later, answer.context["told"].earlier) == (1, 0)
    assert Shop.objects.get(id=world.shop.id).hours == {}
    sent = {name: answer.context[name] for name in ("document", "was")}
    ada.post("/wines/settings/hours/save/", sent)
    hours = Shop.objects.get(id=world.shop.id).hours["hours"]
    open_days = {"mon": "09:00-24:00", "fri": "09:00-24:00"}
    assert hours == [{"channel": "email", "country": "*", "week": open_days}]
    assert "Monday" in text_of(ada.get(page, {"channel": "email"}))
    assert AuditEntry.objects.get(shop=world.shop, subject_kind="hours").actor_kind == "member"
    waiting.refresh_from_db()
    assert waiting.due_at == T0
    # Saved by somebody else meanwhile: looked at again, not overwritten.
    again = ada.post("/wines/settings/hours/save/", sent)
    assert "meanwhile" in text_of(again)
    typed = {"days": "12-25 Christmas\nDE 10-03 Unity", "channels": ["sms", "email"]}
    told = ada.post("/wines/settings/hours/holidays/", typed)
    ada.post("/wines/settings/hours/save/", {n: told.context[n] for n in ("document", "was")})
    assert "Unity" in text_of(ada.get("/wines/settings/hours/"))
    wrong = ada.post("/wines/settings/hours/holidays/", {"days": "12-25\n02-31 Never"})
    assert "02-31 Never" in text_of(wrong)
