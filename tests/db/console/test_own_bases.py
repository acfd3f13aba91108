"""A shop's stricter legal rules: what they would stop is told, they are saved, laxer ones are refused."""

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from tests.db.console.pages import text_of
from tests.rows import DAY, T0, make_message


def test_a_rule_is_chosen_looked_at_and_saved(world, ada):
    Message.objects.filter(state="planned").delete()
    run = Recovery.objects.get(cart_id=world.ben_cart.id)
    Contact.objects.filter(id=run.contact_id).update(
        consent_email="granted", address={"country": "US"}, phone=None
    )
    # The scenario asks for a yes, the shop for promptness as well.
    make_message(run, 2, "planned", T0 + 5 * DAY)
    page = "/wines/settings/consent/own/"
    us = {"country": "US", "channel": "email", "rule": "one_text"}
    laxer = ada.post(page, us | {"country": "IT", "rule": "not_refused"})
    assert laxer.status_code == 422
    assert "laxer than the preset" in text_of(laxer)
    answer = ada.post(page, us)
    told = answer.context["told"]
    assert (told.looked_at, told.stopped, told.people, told.freed) == (1, 1, 1, 0)
    assert Shop.objects.get(id=world.shop.id).own_bases == []
    sent = {name: answer.context[name] for name in ("document", "was")}
    ada.post(f"{page}save/", sent)
    assert Shop.objects.get(id=world.shop.id).own_bases == [us]
    assert AuditEntry.objects.get(shop=world.shop, subject_kind="legal").actor_kind == "member"
    assert "United States" in text_of(ada.get("/wines/settings/consent/"))
    # Saved by somebody else meanwhile: looked at again, not overwritten.
    assert "meanwhile" in text_of(ada.post(f"{page}save/", sent))
    gone = ada.post(page, us | {"remove": "yes"})
    assert (gone.context["told"].stopped, gone.context["told"].freed) == (0, 1)
