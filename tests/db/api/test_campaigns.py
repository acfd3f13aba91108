"""Campaigns over the API: files in and out, a preview, a life."""

from ripresa.domain.campaigns.models import Campaign
from tests.api_rows import CAMPAIGN

KIND = "application/yaml"


def path_of(rows):
    return f"/campaigns/{rows['campaign_id']}"


def test_a_file_comes_back_word_for_word(rows, ada):
    assert ada.get(f"{path_of(rows)}/file").content.decode() == CAMPAIGN
    assert [each["name"] for each in ada.pages("/campaigns")] == ["A letter"]


def test_a_draft_is_changed_by_a_file_of_its_name(rows, ada):
    text = CAMPAIGN + "budget: {max_messages: 5}\n"
    changed = ada.post("/campaigns", text, kind=KIND)
    assert changed.status_code == 200
    assert changed.json()["budget"]["max_messages"] == 5
    made = ada.post("/campaigns", text.replace("A letter", "Another"), kind=KIND)
    assert (made.status_code, made.json()["state"]) == (201, "draft")


def test_what_is_wrong_with_a_file_is_told_by_its_line(rows, ada):
    text = CAMPAIGN.replace("abandoned_cart", "abandoned_card")
    refused = ada.post("/campaigns/check", text, kind=KIND)
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["line"], error["field"]) == (3, "about")
    assert "did you mean 'abandoned_cart'?" in error["message"]


def test_a_preview_touches_nothing(rows, ada):
    told = ada.get(f"{path_of(rows)}/preview").json()
    assert told["people"] == told["looked_at"] > 0
    assert ada.post("/campaigns/preview", CAMPAIGN, kind=KIND).json() == told
    assert ada.get(path_of(rows)).json()["people"] == 0


def test_its_life(rows, ada):
    path = path_of(rows)
    assert ada.post(f"{path}/start", {"at_most": 0}).status_code == 409
    started = ada.post(f"{path}/start", {})
    assert started.json()["campaign"]["state"] == "live"
    assert ada.post(f"{path}/start", {}).status_code == 409
    assert ada.send("delete", path).status_code == 409
    assert ada.post(f"{path}/pause", {"why": "wait"}).json()["paused_reason"] == "wait"
    assert ada.put(f"{path}/budget", {"max_cost": "12.50"}).json()["budget"]["max_cost"] == {
        "amount": "12.50",
        "currency": "EUR",
    }
    assert ada.post(f"{path}/resume", {}).json()["state"] == "live"
    assert ada.post(f"{path}/end", {}).json()["messages"] == 0
    assert Campaign.objects.get(id=rows["campaign_id"]).state == "ended"
    again = ada.post("/campaigns", CAMPAIGN, kind=KIND)
    assert again.status_code == 422
    assert "has begun" in again.json()["detail"]


def test_a_draft_is_deleted(rows, ada):
    assert ada.send("delete", path_of(rows)).status_code == 204
    assert ada.get(path_of(rows)).status_code == 404
