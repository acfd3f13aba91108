"""OPS: who changed what, when: from the console, by a key, on the command line and by the program."""

import csv
import io
from datetime import timedelta

from django.db import transaction

from ripresa.domain.audit.acting import COMMAND_LINE, PROGRAM, acting_as, actor, key, member
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.usecases import stop_sending
from ripresa.usecases.retention import keeping
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.shops.api_keys import add_api_key, revoke_api_key
from ripresa.usecases.shops.change_shop import change_shop
from tests.db.console.pages import text_of
from tests.rows import DAY, T0


def told(shop):
    found = AuditEntry.objects.filter(shop_id=shop.id).order_by("at", "id")
    return [(e.actor_kind, e.actor_id, e.action, e.subject_kind) for e in found]


def test_each_hand_is_named_and_an_entry_falls_with_its_change(world, ada):
    shop = world.shop
    ada.post("/wines/sending/", {"to": "stop"})
    assert actor() == PROGRAM  # nobody is left over
    with acting_as(COMMAND_LINE):
        stop_sending.start_shop(shop_id=shop.id, now=T0 + timedelta(seconds=1))
    with acting_as(key("k1")):
        made = add_api_key(shop=shop, scopes=["read"], label="crm", now=T0 + timedelta(seconds=2))
        revoke_api_key(shop_id=shop.id, key_id=made.key.id, now=T0 + timedelta(seconds=3))
    change_shop(shop_id=shop.id, now=T0 + timedelta(seconds=4), name="Ada & Co", currency="EUR")
    change_shop(shop_id=shop.id, now=T0 + timedelta(seconds=5), name="Ada & Co")
    assert told(shop) == [
        ("member", str(world.ada.id), "stopped", "sending"),
        ("command_line", "", "started", "sending"),
        ("key", "k1", "created", "api_key"),
        ("key", "k1", "revoked", "api_key"),
        ("program", "", "changed", "shop"),
    ]
    assert AuditEntry.objects.get(action="changed").after == {"name": "Ada & Co"}
    assert made.text not in str(list(AuditEntry.objects.values()))
    with transaction.atomic():
        stop_sending.stop_shop(shop_id=shop.id, now=T0)
        transaction.set_rollback(True)
    assert len(told(shop)) == 5
    stop_sending.stop_install(now=T0 + DAY)
    assert told(world.other_shop) == [("program", "", "stopped", "sending")]


def test_a_scenario_leaves_its_life(world):
    here = {"shop_id": world.shop.id, "scenario_id": world.scenario.id}
    with acting_as(member(world.ada.id)):
        activate_scenario.pause(**here, why="a look", now=T0)
        activate_scenario.resume(**here, now=T0 + DAY)
    [paused, resumed] = AuditEntry.objects.order_by("at")
    assert (paused.action, paused.subject_name) == ("paused", "Left in the cart")
    assert paused.after == {"why": "a look"}
    assert resumed.action == "resumed"


def test_the_page_shows_filters_and_hands_it_over_as_a_file(world, ada, vera, dan):
    with acting_as(member(world.ada.id)):
        for number in range(51):
            write_down(
                shop_id=world.shop.id,
                action=Action.CHANGED,
                subject=Subject(About.SEGMENT, number, f"=Segment {number}"),
                before={"text": "old"},
                after={"text": "new"},
                now=T0 - timedelta(hours=number),
            )
        write_down(
            shop_id=world.shop.id,
            action=Action.INVITED,
            subject=Subject(About.MEMBER, world.vera.id),
            now=T0 - 30 * DAY,
        )
    page = ada.get("/wines/settings/audit/")
    assert "Segment “=Segment 0” · changed text old new ada@wines.test" in text_of(page)
    assert "Older entries" in text_of(page)
    assert "vera@wines.test" not in text_of(page)
    only = text_of(ada.get("/wines/settings/audit/?about=member&action=invited&from=2026-10-01"))
    assert "Member “vera@wines.test” · invited" in only
    assert "=Segment" not in only
    assert "There is no such thing." in text_of(ada.get("/wines/settings/audit/?about=moon"))
    assert "Nothing fits" in text_of(ada.get("/wines/settings/audit/?who=program"))
    taken = ada.get("/wines/settings/audit/audit.csv").getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(taken)))
    assert len(rows) == 52
    assert (rows[0]["who"], rows[0]["name"]) == ("ada@wines.test", "'=Segment 0")
    assert "Nothing was changed yet" in text_of(dan.get("/bikes/settings/audit/"))
    # Retention lets go of what is old, and of no other shop's.
    keeping.let_go_of(world.shop, "audit", T0 + 701 * DAY)
    assert not AuditEntry.objects.filter(action="invited").exists()
    assert AuditEntry.objects.filter(shop_id=world.shop.id).count() == 51
