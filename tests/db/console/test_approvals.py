"""A second person looks before anything goes live: asked, answered by somebody else, for exactly that."""

import pytest

from ripresa.domain.audit.acting import COMMAND_LINE, acting_as
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.shops.models import Approval, Shop
from ripresa.usecases.approvals.asking import NeedsApproval, NotToBeDecided, decide
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.db.console.pages import part, text_of
from tests.rows import T0, make_user


def test_what_goes_live_is_looked_at_by_somebody_else(world, ada, as_user):
    shop_id, draft = world.shop.id, world.draft
    marta = as_user(make_user("marta@wines.test", world.shop, "marketer"))
    Shop.objects.filter(id=shop_id).update(second_person=True)
    here = {"shop_id": shop_id, "scenario_id": draft.id}
    with acting_as(COMMAND_LINE), pytest.raises(activate_scenario.NotApproved):
        activate_scenario.activate(**here, now=T0)
    page = f"/wines/scenarios/{draft.id}/"
    answer = ada.post(f"/wines/scenarios/{draft.id}/activate/")
    asks = f"/wines/approvals/scenario/{draft.id}/ask/"
    assert answer.headers["Location"] == asks
    ada.post(asks)
    ada.post(asks)
    waits = part(ada.get(page), "Waits for a second person")
    assert "ada@wines.test Whether it may go live as it stands here. You, or a key" in waits
    assert "Approve Refuse" in part(marta.get(page), "Waits for a second person")
    asked = Approval.objects.get()
    # On the overview of whoever may answer, and of nobody else.
    assert [
        f"Waits for a second person {draft.name}" in part(one.get("/wines/"), "Needs a look")
        for one in (marta, ada)
    ] == [True, False]
    page = f"/wines/approvals/{asked.id}/"
    assert "somebody else answers" in text_of(ada.get(page))
    assert "nothing is answered twice" in text_of(ada.post(page, {"approve": "yes"}, follow=True))
    with acting_as(COMMAND_LINE), pytest.raises(NotToBeDecided):
        decide(shop_id=shop_id, approval_id=asked.id, is_approved=True, reason="", now=T0)
    assert marta.post(page, {"refuse": "yes"}).status_code == 422  # without a reason
    marta.post(page, {"refuse": "yes", "reason": "too soon"})
    assert "too soon" in text_of(ada.get(asks))
    assert "“too soon”" in part(ada.get(f"/wines/scenarios/{draft.id}/"), "Refused")
    ada.post(asks)
    marta.post(f"/wines/approvals/{Approval.objects.get(is_approved=None).id}/", {"approve": "y"})
    assert (
        ada.post(f"/wines/scenarios/{draft.id}/activate/")
        .headers["Location"]
        .endswith(f"/scenarios/{draft.id}/")
    )
    assert Scenario.objects.get(id=draft.id).state == "live"


def test_the_next_version_of_one_at_work_waits_as_well(world):
    Shop.objects.filter(id=world.shop.id).update(second_person=True)
    from tests.rows import SCENARIO_TEXT

    new = SCENARIO_TEXT.replace("not_after_order: 7d", "not_after_order: 9d")
    with pytest.raises(NeedsApproval):
        publish_scenario(shop_id=world.shop.id, text=new, file_name="s.yaml", now=T0)
