"""RPT-7: who did what, when, to what is read by programs as on its page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from ripresa.domain.audit.acting import COMMAND_LINE, acting_as, key, member
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import ApiKey
from tests.db.api.conftest import Caller, key_of
from tests.rows import HOUR, T0


@pytest.fixture
def log(world, ada):
    """Three entries of Ada's shop beside that of the key which asks, an hour apart, and one of Dan's."""
    AuditEntry.objects.all().delete()
    [asking] = ApiKey.objects.filter(shop=world.shop)
    what = [
        (member(world.ada.id), Action.CHANGED, Subject(About.SEGMENT, "s1", "Wine lovers")),
        (key(asking.id), Action.SENT, Subject(About.CART, world.ben_cart.id)),
        (COMMAND_LINE, Action.INVITED, Subject(About.MEMBER, world.vera.id)),
    ]
    for hours, (who, action, subject) in enumerate(what):
        with acting_as(who):
            write_down(
                shop_id=world.shop.id, action=action, subject=subject, now=T0 + hours * HOUR,
                before={"text": "old"}, after={"text": "new"},
            )  # fmt: skip
    with acting_as(COMMAND_LINE):
        about = Subject(About.SENDING)
        write_down(shop_id=world.other_shop.id, action=Action.STOPPED, subject=about, now=T0)
    return asking


def test_tells_who_did_what_when_to_what(world, ada, log):
    invited, sent, changed = ada.get("/audit").json()["items"]
    del changed["id"]
    assert changed == {
        "at": "2026-11-20T15:00:00Z",
        "who": f"member.{world.ada.id}",
        "who_name": "ada@wines.test",
        "action": "changed",
        "about": "segment",
        "subject_id": "s1",
        "subject_name": "Wine lovers",
        "before": {"text": "old"},
        "after": {"text": "new"},
    }
    assert (sent["who"], sent["who_name"]) == (f"key.{log.id}", "a test")
    assert (invited["who"], invited["who_name"]) == ("command_line", None)
    # Members stand in the log by their number alone.
    assert (invited["subject_id"], invited["subject_name"]) == (
        str(world.vera.id),
        "vera@wines.test",
    )


def test_who_is_gone_keeps_the_number_alone(world, ada, log):
    User.objects.filter(id=world.ada.id).delete()
    *_, changed = ada.get("/audit").json()["items"]
    assert (changed["who"], changed["who_name"]) == (f"member.{world.ada.id}", None)


def test_comes_in_pages_and_by_every_filter(world, ada, dan, log):
    whole = ada.get("/audit").json()["items"]
    assert list(ada.pages("/audit", limit=1)) == whole
    assert [each["about"] for each in dan.pages("/audit")] == ["sending"]

    def found(**asked):
        return [each["about"] for each in ada.pages("/audit", **asked, limit=1)]

    assert found(who=f"member.{world.ada.id}") == ["segment"]
    assert found(who=f"key.{log.id}") == found(who="key") == ["cart"]
    assert found(who="program") == []
    assert found(action="invited") == ["member"]
    assert found(about="cart") == ["cart"]
    at = (T0 + HOUR).isoformat()
    assert found(since=at) == ["member", "cart"]
    assert found(until=at) == ["segment"]
    assert len(found(since="0001-01-01T00:00:00Z", until="9999-12-31T00:00:00Z")) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "ada@wines.test"},
        {"who": "member.x"},
        {"action": "flown"},
        {"about": "moon"},
        {"since": "yesterday"},
        {"actor": "key"},
    ],
)
def test_what_there_is_not_is_refused(ada, asked):
    assert ada.get("/audit", **asked).status_code == 422


def test_reading_is_what_the_key_must_be_for(world):
    assert Caller(key_of(world.shop, "write")).get("/audit").status_code == 403
    assert Caller(key_of(world.shop, "read")).get("/audit").status_code == 200


def test_what_a_key_does_stands_there_at_once(world, ada, log, django_assert_num_queries):
    ada.send("patch", "/shop", {"name": "Ada & Co"})
    [entry] = ada.pages("/audit", since=(T0 - timedelta(hours=1)).isoformat(), about="shop")
    assert (entry["who"], entry["after"]) == (f"key.{log.id}", {"name": "Ada & Co"})
    with django_assert_num_queries(4):  # the key, a page of the log, names of members and of keys
        ada.get("/audit")
