"""Campaigns in the console (CMP-1 to CMP-3): written in steps, proved, started after its cost was shown, followed."""

import re

from ripresa.core.ids import new_id
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.campaigns.models import Campaign, CampaignDraft
from ripresa.domain.messages.models import Message
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.campaigns.keep import check_campaign
from tests.db.console.pages import text_of
from tests.rows import T0
from tests.world import World
from tests.worlds.audience import campaign_of, make_segment, sketch_of

HTMX = {"HX-Request": "true"}


def write(ada, draft_id, step: str, **typed):
    return ada.post(f"/wines/campaigns/drafts/{draft_id}/{step}/", {"do": "save", **typed})


def plan_of(draft_id, world: World):
    text = CampaignDraft.objects.get(id=draft_id).text
    return check_campaign(text, file_name="x", shop=world.shop)


def test_a_letter_from_its_proposal_to_its_people(world, ada):
    make_segment(world.shop, "Left")
    begun = ada.post("/wines/campaigns/new/", {"preset": "letter"})
    draft = begun.headers["Location"].split("/")[4]
    write(
        ada,
        draft,
        "audience",
        name="Letter",
        about="abandoned_cart",
        source="segment",
        segment="Left",
    )
    write(ada, draft, "budget", mode="now", max_messages="", max_cost="0,50", cost_letter="0.95")
    assert plan_of(draft, world).segment == "Left"
    assert plan_of(draft, world).budget.max_cost_minor == 50
    estimate = ada.get(f"/wines/campaigns/drafts/{draft}/estimate/")
    assert re.search(r'id="estimate-people">\s*2\s*<', estimate.content.decode())  # Ben and Cleo
    assert "No postal address is known." in text_of(estimate)
    kept = ada.post(f"/wines/campaigns/drafts/{draft}/keep/")
    campaign = Campaign.objects.get(name="Letter")
    assert kept.headers["Location"] == f"/wines/campaigns/{campaign.id}/start/"
    assert not CampaignDraft.objects.exists()
    asked = ada.get(kept.headers["Location"])
    assert 'name="people" value="2"' in asked.content.decode()
    assert "can’t be called back" in text_of(asked)
    ada.post(kept.headers["Location"], {"people": "1"})
    assert "more than 1" in text_of(ada.get("/wines/campaigns/"))
    ada.post(kept.headers["Location"], {"people": "2"})
    advance_campaigns(shop_id=world.shop.id, now=T0)
    people = ada.get(f"/wines/campaigns/{campaign.id}/people/")
    assert "Ben Rossi" in text_of(people)
    for word, state in (("pause", "paused"), ("resume", "live"), ("end", "ended")):
        ada.post(f"/wines/campaigns/{campaign.id}/{word}/", {"why": "look"})
        assert Campaign.objects.get(id=campaign.id).state == state, word
    done = AuditEntry.objects.filter(subject_kind="campaign").values_list("action", flat=True)
    assert sorted(done) == ["created", "ended", "paused", "resumed", "started"]
    copied = ada.post(f"/wines/campaigns/{campaign.id}/copy/")
    assert plan_of(copied.headers["Location"].split("/")[4], world).name == "Letter 2"


def test_every_step_saved_as_it_stands_changes_nothing(world, ada):
    sketch = sketch_of(world)
    before = plan_of(sketch.id, world)
    rows = {
        "0:kind": "all", "0-0:kind": "row", "0-0:field": "abandonment", "0-0:state": "not_recovered",
        "0-1:kind": "row", "0-1:field": "has_email", "0-1:value": "true",
    }  # fmt: skip
    write(
        ada, sketch.id, "audience", name=before.name, about="abandoned_cart", source="own", **rows
    )
    write(ada, sketch.id, "message", by_email="yes", by_letter="yes", template="reminder",
          mode="single", default="it", sender="")  # fmt: skip
    write(ada, sketch.id, "coupon", pool="")
    write(ada, sketch.id, "budget", mode="now", max_messages="", max_cost="40.00", cost_email="0.01",
          cost_letter="0.95", cost_sms="", legal_basis="consent")  # fmt: skip
    after = plan_of(sketch.id, world)
    assert after == before


def test_what_is_typed_stands_in_the_file_and_what_is_wrong_does_not(world, ada):
    sketch = sketch_of(world)
    write(ada, sketch.id, "budget", mode="once", **{"from": "2026-12-01T09:00"})
    plan = plan_of(sketch.id, world)
    assert plan.schedule.start is not None
    assert plan.schedule.start.isoformat() == "2026-12-01T08:00:00+00:00"  # the shop is in Rome
    page = ada.get(f"/wines/campaigns/drafts/{sketch.id}/budget/").content.decode()
    assert 'value="2026-12-01T09:00"' in page
    write(ada, sketch.id, "budget", mode="continuous", until="2026-12-24T12:00")
    assert plan_of(sketch.id, world).schedule.mode == "continuous"
    for step, typed, said in (
        ("budget", {"mode": "once"}, "Say when it goes."),
        ("budget", {"max_messages": "", "max_cost": "a lot"}, "A value looks like 49.90."),
        ("message", {"template": "reminder"}, "Choose at least one channel."),
        ("audience", {"name": "", "about": "none", "source": "segment"}, "Choose a segment."),
    ):
        answer = write(ada, sketch.id, step, **typed)
        assert answer.status_code == 422, step
        assert said in text_of(answer)
    blocked = ada.post(f"/wines/campaigns/drafts/{sketch.id}/keep/", follow=True)
    assert "What still blocks" in text_of(blocked)
    assert "speaks of a cart" in text_of(blocked)


def test_the_proof_is_of_real_people_and_nothing_is_kept(world, ada):
    sketch = sketch_of(world)
    messages = Message.objects.count()
    shown = text_of(ada.get(f"/wines/campaigns/drafts/{sketch.id}/proof/"))
    assert "Ben Rossi · E-mail" in shown
    assert "Ben Rossi · Letter" in shown
    one = f"/wines/campaigns/drafts/{sketch.id}/proof/{world.ben.id}"
    mail = ada.get(f"{one}/mail/")
    assert world.ben_cart.items[0]["title"].replace("'", "&#x27;") in mail.content.decode()
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert ada.get(f"{one}/letter/").content.startswith(b"%PDF")
    assert ada.get(one.replace(str(world.ben.id), str(new_id(T0))) + "/mail/").status_code == 404
    assert Message.objects.count() == messages
    assert not Campaign.objects.exists()


def test_why_and_why_not_per_person(world, ada):
    campaign = campaign_of(world)
    base = f"/wines/campaigns/{campaign.id}"
    assert "No consent" in text_of(ada.get(f"{base}/people/?who=cleo"))
    only = text_of(ada.get(f"{base}/people/?state=sent"))
    assert "Ben Rossi" in only
    assert "Cleo" not in only
    assert "Nobody of that name" in text_of(ada.get(f"{base}/people/?who=zzz"))
    lines = ada.get(f"{base}/people/export/").getvalue().decode().splitlines()
    assert lines[0].startswith("name,email,phone,channel,state,reason")
    assert any("cleo@mail.test" in line and "no_consent" in line for line in lines)
    results = text_of(ada.get(f"{base}/"))
    assert "Sent messages times what one costs by the file." in results
    wrong = ada.post(f"{base}/limits/", {"max_messages": "many", "max_cost": ""})
    assert wrong.status_code == 422
    ada.post(f"{base}/limits/", {"max_messages": "3", "max_cost": "5,00"})
    campaign.refresh_from_db()
    assert (campaign.max_messages, campaign.max_cost_minor) == (3, 500)


def test_rows_of_the_audience_save_themselves_and_show_who_is_in(world, ada):
    sketch = sketch_of(world)
    typed = {
        "name": "Letter in June", "about": "abandoned_cart", "source": "own", "0:kind": "all", "0-0:kind": "row",
        "0-0:field": "abandonment", "0-0:state": "not_recovered", "0-0:op1": "gte", "0-0:amount1": "60",
    }  # fmt: skip
    address = f"/wines/campaigns/drafts/{sketch.id}/audience/"
    looked = ada.post(address, typed, headers=HTMX).content.decode()
    assert re.search(r'id="live-count">1<', looked)
    assert 'id="saved"' in looked
    assert "60" in CampaignDraft.objects.get(id=sketch.id).text
    shaped = ada.post(address, {**typed, "do": "add 0"}, headers=HTMX).content.decode()
    assert 'name="0-1:field"' in shaped
    assert "Who could be written to" in text_of(
        ada.post(address, {**typed, "do": "reach"}, headers=HTMX)
    )


def test_every_proposal_is_right_from_the_start(world, ada):
    for preset in ("letter", "mail", "sms", "thanks"):
        begun = ada.post("/wines/campaigns/new/", {"preset": preset})
        plan = plan_of(begun.headers["Location"].split("/")[4], world)
        assert plan.message.languages == ("it",), preset
