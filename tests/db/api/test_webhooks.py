"""Endpoints of webhooks over the API."""

import pytest

from ripresa.domain.webhooks.models import WebhookEndpoint
from tests.rows import T0
from tests.webhooks import warn


def add(ada, **changes):
    given = {"name": "bi", "url": "https://bi.test/hook?a=1", "types": ["shop.*"]}
    return ada.post("/webhooks", given | changes)


def test_an_endpoint_is_added_turned_over_tried_held_and_forgotten(rows, ada):
    made = add(ada)
    assert made.status_code == 201
    secret, told = made.json()["secret"], made.json()["webhook"]
    assert secret.startswith("whsec_")
    assert (told["types"], told["state"], told["waiting"]) == (["shop.*"], "on", 0)
    path = f"/webhooks/{told['id']}"
    assert secret not in ada.get(path).content.decode()
    assert told in ada.pages("/webhooks")
    changed = ada.send("patch", path, {"types": ["*", "cart.*"]}).json()
    assert changed["types"] == ["*"]
    turned = ada.post(f"{path}/rotate", {"overlap_hours": 2}).json()
    assert turned["secret"] not in {secret, ""}
    assert ada.post(f"{path}/pause", {}).json()["state"] == "paused"
    event = ada.post(f"{path}/test", {})
    assert event.status_code == 202
    [waiting] = ada.pages(f"{path}/deliveries?state=waiting")
    assert (waiting["event_id"], waiting["type"]) == (event.json()["event_id"], "webhook.test")
    detail = ada.get(f"{path}/deliveries/{waiting['event_id']}").json()
    assert detail == {"told": None, "calls": []}
    assert ada.post(f"{path}/resume", {}).json()["state"] == "on"
    assert ada.send("delete", path).status_code == 204
    assert ada.get(path).status_code == 404


def test_what_was_told_is_told_again_one_or_all_of_a_time(rows, ada):
    endpoint = WebhookEndpoint.objects.get(id=add(ada).json()["webhook"]["id"])
    warn(endpoint.shop_id, None, T0, "one", "two")
    path = f"/webhooks/{endpoint.id}"
    events = [one["event_id"] for one in ada.pages(f"{path}/deliveries?limit=1")]
    assert len(set(events)) == 2
    again = ada.post(f"{path}/replay", {"since": "2026-01-01T00:00:00Z"})
    assert again.json() == {"events": 0}  # both wait already
    assert ada.post(f"{path}/replay", {"event_id": events[0]}).status_code == 202
    assert ada.post(f"{path}/replay", {}).status_code == 422
    both = {"event_id": events[0], "since": "2026-01-01T00:00:00Z"}
    assert ada.post(f"{path}/replay", both).status_code == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"), ({"url": "http://bi.test/"}, "url"),
        ({"url": "https://bi.test/\0"}, "url"), ({"types": ["cart"]}, "types"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_endpoint_is_told_by_field(changes, field, rows, ada):
    refused = add(ada, **changes)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field]


def test_a_name_is_given_once_and_other_shops_see_nothing(rows, ada, dan):
    path = f"/webhooks/{rows['endpoint_id']}"
    assert add(ada, name="crm").status_code == 409
    for address in (path, f"{path}/deliveries", f"{path}/deliveries/{rows['event_id']}"):
        assert ada.get(address).status_code == 200
        assert dan.get(address).status_code == 404
