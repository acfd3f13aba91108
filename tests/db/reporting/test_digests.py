"""Figures by mail: those of the reports, in her language, each period once, and an end by one click."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from ripresa.contracts.channel import Accepted, RefusalKind, Refused
from ripresa.domain.attribution.models import DigestWish
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.shops.models import Membership
from ripresa.usecases.digests import wishes
from ripresa.usecases.digests.sending import send_digests
from ripresa.usecases.reporting.keeping import rebuild
from tests.rows import T0
from tests.world import build_world


class Owners:
    """The channel to owners: keeps what it is given, and answers as told."""

    in_flight = 5

    def __init__(self):
        self.mails, self.answer = [], Accepted("r")

    def to_owner(self, shop_id, now):
        del shop_id, now
        return self

    def send(self, batch, *, timeout):
        del timeout
        self.mails += batch
        return [self.answer] * len(batch)


def world_with_mail():
    world = build_world()
    world.ada.email = "ada@wines.test"
    world.ada.save()
    return world


def wanted(world, every="week", language="it", now=T0):
    return wishes.wish(
        shop_id=world.shop.id, user_id=world.ada.id, every=every, language=language, now=now
    )


def send(world, owners, now):
    assert wishes.shops_with_due(now) in ([world.shop.id], [])
    return send_digests(
        shop_id=world.shop.id, now=now, channels=owners, letterhead=own_letterhead()
    )


@pytest.mark.django_db
def test_a_member_gets_the_figures_of_the_week_once_in_her_language():
    world, owners = world_with_mail(), Owners()
    wish = wanted(world)
    assert send(world, owners, wish.next_at - timedelta(seconds=1)) == 0
    assert send(world, owners, wish.next_at) == 1
    assert send(world, owners, wish.next_at + timedelta(hours=1)) == 0
    [mail] = owners.mails
    assert (mail.recipient.address, mail.language) == ("ada@wines.test", "it")
    assert "Carrelli abbandonati" in mail.text
    assert f"/{world.shop.slug}/reports/?from=" in mail.text
    # Refused for now: the same mail comes again; three weeks later, only the latest week.
    owners.answer = Refused(permanent=False, kind=RefusalKind.OTHER, detail="later")
    second = DigestWish.objects.get().next_at
    send(world, owners, second)
    owners.answer = Accepted("r")
    assert send(world, owners, second + timedelta(minutes=29)) == 0
    assert send(world, owners, second + timedelta(minutes=31)) == 1
    assert owners.mails[1].message_id == owners.mails[2].message_id != mail.message_id
    assert send(world, owners, second + timedelta(days=21)) == 1
    assert len(owners.mails) == 4
    # Who is no member any more gets none, and neither does who has clicked it away.
    page = owners.mails[0].unsubscribe_url.partition("/d/")[2]
    client = Client()
    assert "Basta e-mail" in client.get(f"/d/{page}").content.decode()
    assert DigestWish.objects.exists()
    assert "Fatto" in client.post(f"/d/{page}").content.decode()
    assert not DigestWish.objects.exists()
    assert client.get(f"/d/{page}").status_code == 404
    wish = wanted(world, every="month")
    Membership.objects.filter(user=world.ada).delete()
    assert send(world, owners, wish.next_at) == 0
    assert not DigestWish.objects.exists()


@pytest.mark.django_db
def test_every_word_of_a_mail_is_in_her_language_and_its_date_is_that_of_its_hour():
    world, owners = world_with_mail(), Owners()
    world.sent.origin_kind = "manual"
    world.sent.handed_over_at = T0 - timedelta(hours=1)
    world.sent.save()
    rebuild(shop_id=world.shop.id, now=T0)
    wish = wanted(world)
    send(world, owners, wish.next_at)
    [mail] = owners.mails
    assert "Inviato a mano · 1 · 0 · –" in mail.text
    assert '<html lang="it">' in mail.html
    # Monday at seven, by the shop's clock.
    assert mail.sent_at_epoch == wish.next_at.timestamp()


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_a_period_once():
    world, owners = world_with_mail(), Owners()
    wish = wanted(world)

    def work(_):
        try:
            return send(world, owners, wish.next_at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(owners.mails) == 1


@pytest.mark.django_db
def test_the_console_asks_how_often_and_in_which_language():
    world = build_world()
    client = Client()
    client.force_login(world.ada)
    address = f"/{world.shop.slug}/reports/by-mail/"
    # Who signs in by a name gives an address first: without one nothing could come.
    User.objects.filter(id=world.ada.id).update(email="")
    asked = client.post(address, {"every": "month", "language": "ro", "email": "ada"})
    assert asked.status_code == 422
    assert "no address of yours is known" in asked.content.decode()
    assert not DigestWish.objects.exists()
    wanted = {"every": "month", "language": "ro", "email": "ada@wines.test"}
    assert client.post(address, wanted).status_code == 302
    assert User.objects.get(id=world.ada.id).email == "ada@wines.test"
    client.post(address, {**wanted, "email": "other@wines.test"})
    assert User.objects.get(id=world.ada.id).email == "ada@wines.test"
    wish = DigestWish.objects.get()
    assert (wish.user_id, wish.every, wish.language) == (world.ada.id, "month", "ro")
    page = client.get(address).content.decode()
    assert 'value="month" checked' in " ".join(page.split())
    client.post(address, {"every": "never", "language": "ro"})
    assert not DigestWish.objects.exists()
