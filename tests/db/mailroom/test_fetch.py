"""Fetching, with a folder that stands for a real one; the real one is in tests/peers."""

from contextlib import contextmanager

import pytest

from ripresa.channels.mailbox.imap import Fetched, MailboxAway
from ripresa.entrypoints import mailbox_server
from ripresa.usecases.mailroom import fetch as fetching
from tests.db.mailroom.post_office import ACCOUNTS, BOUNCE, received, server
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db


class Folder:
    """Mails by number. `breaks_at`: the connection is lost before that one."""

    def __init__(self):
        self.uid_validity = 1
        self.mails = {}
        self.put_away_so_far = []
        self.breaks_at = None

    def newer_than(self, uid):
        for number in sorted(one for one in self.mails if one > uid):
            if number == self.breaks_at:
                raise MailboxAway("lost")
            yield [Fetched(number, self.mails[number])]

    def put_away(self, uids):
        self.put_away_so_far += uids


@pytest.fixture
def folder(monkeypatch):
    folder = Folder()

    @contextmanager
    def opened(_settings, _timeout):
        yield folder

    monkeypatch.setattr(fetching, "open_folder", opened)
    return folder


@pytest.fixture
def account():
    given = {"host": "imap.test", "user": "post", "password": "p", "bounce_domain": BOUNCE}
    world = make_world()
    return ACCOUNTS.add(
        shop_id=world.shop_id, provider_name="imap", name="box", given=given, now=T0
    )


def stored(account):
    rows = received(account).values_list("raw", flat=True)
    return sorted(bytes(raw) for raw in rows)


def test_what_is_new_is_stored_once(folder, account):
    folder.mails = {3: b"a", 5: b"b"}
    assert fetching.fetch(account, ACCOUNTS, now=T0) == 2
    folder.mails[6] = b"c"
    assert fetching.fetch(account, ACCOUNTS, now=T0) == 1

    assert stored(account) == [b"a", b"b", b"c"]
    assert folder.put_away_so_far == [3, 5, 6]


def test_after_a_lost_connection_it_goes_on_where_it_was(folder, account):
    folder.mails = {1: b"a", 2: b"b"}
    folder.breaks_at = 2
    with pytest.raises(MailboxAway):
        fetching.fetch(account, ACCOUNTS, now=T0)
    assert stored(account) == [b"a"]

    folder.breaks_at = None
    assert fetching.fetch(account, ACCOUNTS, now=T0) == 1


def test_what_is_too_large_stays_and_holds_nobody_up(folder, account):
    folder.mails = {1: None, 2: b"b"}

    assert fetching.fetch(account, ACCOUNTS, now=T0) == 1
    assert folder.put_away_so_far == [2]


def test_numbers_made_anew_begin_at_the_beginning(folder, account):
    folder.mails = {7: b"a"}
    fetching.fetch(account, ACCOUNTS, now=T0)
    folder.uid_validity, folder.mails = 2, {1: b"a", 2: b"b"}

    assert fetching.fetch(account, ACCOUNTS, now=T0) == 2
    assert stored(account) == [b"a", b"b"]


def test_a_mailbox_that_is_away_rests_and_others_are_read(folder, account, monkeypatch):
    world = make_world()
    given = {"host": "imap.test", "user": "post", "password": "p", "bounce_domain": BOUNCE}
    ACCOUNTS.add(shop_id=world.shop_id, provider_name="imap", name="two", given=given, now=T0)
    folder.mails = {1: b"a"}
    asked = []

    def fetch(one, accounts, *, now):
        asked.append(one.name)
        if one.name == "box":
            raise MailboxAway("no route")
        return fetching.fetch(one, accounts, now=now)

    monkeypatch.setattr(mailbox_server, "fetch", fetch)
    process = server()

    assert process.fetch_due() == 1
    assert process.fetch_due() == 0  # both rest
    assert sorted(asked) == ["box", "two"]
