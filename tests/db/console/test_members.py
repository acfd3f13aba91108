"""Members and keys: asked to join by mail, given a role, taken out; a key is shown once."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ripresa.contracts.channel import Accepted, Channels, RefusalKind, Refused
from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.shops.models import AccessKey, ApiKey, Membership
from ripresa.usecases.members import mailing
from ripresa.usecases.members.changing import LastOwner, change_role, remove
from ripresa.usecases.send_messages import Post
from ripresa.usecases.shops.api_keys import find_api_key
from tests.db.console.pages import text_of
from tests.rows import DAY, PASSWORD, T0

MEMBERS = "/wines/settings/members/"
NEW_PASSWORD = "Nine-Bright-Lanterns"


@dataclass
class Outbox:
    """Takes mails, unless it is away."""

    name = "outbox"
    is_real = False
    in_flight = 10
    is_away: bool = False
    mails: list = field(default_factory=list)

    def send(self, batch, *, timeout):
        if self.is_away:
            return [Refused(permanent=False, kind=RefusalKind.OTHER, detail="away") for _ in batch]
        self.mails += batch
        return [Accepted(receipt="1") for _ in batch]

    def close(self):
        pass


def mail(shop, outbox, now=T0):
    post = Post(Channels(outbox, outbox, outbox), own_letterhead())
    return mailing.mail_members(shop_id=shop.id, now=now, post=post)


def link(outbox) -> str:
    return re.search(r"https?://[^/]+(/login/\S+)", outbox.mails[-1].text)[1]


@pytest.fixture
def outbox():
    return Outbox()


def test_somebody_is_asked_by_mail_and_joins(world, ada, outbox):
    assert ada.post(MEMBERS, {"email": "nobody", "role": "agent"}).status_code == 422
    assert ada.post(MEMBERS, {"email": "ada@wines.test", "role": "agent"}).status_code == 422
    assert ada.post(MEMBERS, {"email": "Mia@Wines.test", "role": "agent"}).status_code == 302
    assert "mia@wines.test invited" in text_of(ada.get(MEMBERS))
    outbox.is_away = True
    assert mail(world.shop, outbox) == 1
    outbox.is_away = False
    assert mail(world.shop, outbox) == 0  # in a while
    assert mail(world.shop, outbox, T0 + timedelta(minutes=6)) == 1
    assert mail(world.shop, outbox, T0 + DAY) == 0
    assert outbox.mails[0].recipient.address == "mia@wines.test"
    first, mia = link(outbox), Client()
    assert not mia.login(username="mia@wines.test", password="")
    # Asked again, the earlier link is over.
    asked = Membership.objects.get(user__username="mia@wines.test")
    Membership.objects.filter(id=asked.id).update(invited_at=T0 - DAY)
    ada.post(f"{MEMBERS}{asked.id}/invite/")
    mail(world.shop, outbox)
    assert mia.get(first.replace("invitation/", "invitation/x")).status_code == 404
    second = link(outbox)
    assert "Join Ada's Wines" in text_of(mia.get(second))
    assert mia.post(second, {"password": "short"}).status_code == 422
    assert mia.post(second, {"password": NEW_PASSWORD}).headers["Location"] == "/wines/"
    assert mia.get("/wines/").status_code == 200
    assert mia.get(second).status_code == 404  # once
    told = [(e.action, e.actor_kind) for e in AuditEntry.objects.order_by("at", "id")]
    assert sorted(told) == [("invited", "member"), ("invited", "member"), ("joined", "member")]


def test_who_works_elsewhere_signs_in_and_joins(world, ada, dan, outbox):
    ada.post(MEMBERS, {"email": "dan@bikes.test", "role": "viewer"})
    mail(world.shop, outbox)
    assert dan.get("/wines/").status_code == 404
    stranger = Client()
    assert stranger.post(link(outbox), {"password": "Another-Word-9"}).status_code == 302
    assert dan.get("/wines/").status_code == 404
    assert dan.post(link(outbox)).headers["Location"] == "/wines/"
    assert dan.get("/wines/").status_code == 200
    assert Client().login(username="dan@bikes.test", password=PASSWORD)


def test_the_last_owner_stays_and_others_go_at_once(world, ada, vera):
    shop_id = world.shop.id
    own = Membership.objects.get(user=world.ada, shop=world.shop)
    veras = Membership.objects.get(user=world.vera)
    for deed in (
        lambda: change_role(shop_id=shop_id, membership_id=own.id, role="agent", now=T0),
        lambda: remove(shop_id=shop_id, membership_id=own.id, now=T0),
    ):
        with pytest.raises(LastOwner):
            deed()
    assert "keeps an owner" in text_of(ada.post(f"{MEMBERS}{own.id}/remove/", follow=True))
    ada.post(f"{MEMBERS}{veras.id}/role/", {"role": "owner"})
    assert vera.get(MEMBERS).status_code == 200
    ada.post(f"{MEMBERS}{own.id}/role/", {"role": "marketer"})
    assert ada.get(MEMBERS).status_code == 403
    vera.post(f"{MEMBERS}{own.id}/remove/")
    assert ada.get("/wines/").status_code == 404
    assert User.objects.filter(id=world.ada.id).exists()
    changed = AuditEntry.objects.filter(action="changed").order_by("at", "id")
    assert {(e.before["role"], e.after["role"]) for e in changed} == {
        ("viewer", "owner"), ("owner", "marketer"),
    }  # fmt: skip


def test_a_forgotten_password_is_set_by_a_link_that_works_once(world, ada, outbox):
    said = {text_of(Client().post("/login/password/", {"email": each})) for each in (
        "ada@wines.test", "ada@wines.test", "nobody@wines.test", "")}  # fmt: skip
    assert len(said) == 1
    assert mail(world.shop, outbox) == 1
    assert mail(world.other_shop, outbox) == 0
    where, browser = link(outbox), Client()
    assert browser.post(where, {"password": "ada@wines.test"}).status_code == 422
    assert browser.post(where, {"password": NEW_PASSWORD}).headers["Location"] == "/login/"
    assert browser.get(where).status_code == 404
    assert ada.get("/wines/").status_code == 302  # sessions of the old one are over
    assert Client().login(username="ada@wines.test", password=NEW_PASSWORD)


def test_a_key_is_shown_once_and_ends_at_once(world, ada):
    page = ada.post("/wines/settings/keys/", {"label": "crm", "scope": ["read", "send"]})
    text = re.search(r"ak_\d+_\w+", page.content.decode())[0]
    text = re.search(re.escape(text) + r"[\w-]*", page.content.decode())[0]
    assert text not in ada.get("/wines/settings/keys/").content.decode()
    key = find_api_key(text)
    assert key.scopes == ["read", "send"]
    answer = Client().get("/api/v1/shop", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200
    assert ApiKey.objects.get().used_at == T0
    ada.post(f"/wines/settings/keys/{key.id}/revoke/")
    assert find_api_key(text) is None
    assert ada.post("/wines/settings/keys/", {"label": "none"}).status_code == 422
    made = ada.post("/wines/settings/keys/", {"kind": "public", "label": "theme"})
    assert re.search(r"pk_\d+_[\w-]+", made.content.decode())
    own = AccessKey.objects.get(label="theme")
    ada.post(f"/wines/settings/keys/{own.id}/revoke/")
    own.refresh_from_db()
    assert own.revoked_at == T0
