"""Calls of providers: verified and read by a worker, kept with the reason where they are not believed."""

import json
from datetime import timedelta

import pytest

from ripresa.contracts.feedback import Feedback, FeedbackKind, HookRefused, HookReply
from ripresa.contracts.provider import MessageKind, Provider, Setting
from ripresa.core.ids import new_id
from ripresa.core.secrets import key_file
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.messages.models import Message, MessageFeedback
from ripresa.domain.providers import calls, operations
from ripresa.domain.providers.models import ProviderCall
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, Kept, make_world

pytestmark = pytest.mark.django_db
NOW = T0 + DAY


class Reader:
    """Believes calls with the right word, and takes their bodies for what they say."""

    reply = HookReply(body=b"OK")

    def __init__(self, settings):
        self.word = settings["word"]

    def read(self, request):
        if request.headers.get("x-word") != self.word:
            raise HookRefused("X-Word is not the word")
        assert request.url.startswith("https://mail.shop.test/hooks/feedback/")
        said = json.loads(request.body)
        return [Feedback(FeedbackKind(said["kind"]), said["id"], request.received_at, **said["of"])]


RAVEN = Provider(
    "raven", "Ravens", MessageKind.EMAIL, (Setting("word", "what they say", is_secret=True),),
    open=lambda settings: Kept(), reader=Reader,
)  # fmt: skip


@pytest.fixture
def world():
    world = make_world()
    world.scenario(steps="  - {id: first, after: 0h, send: [email], template: reminder}\n")
    world.cart(world.contact())
    world.run_until(NOW)
    world.accounts = Accounts({"raven": RAVEN}, SecretBox((key_file.new_key(),)))
    world.account = world.accounts.add(
        shop_id=world.shop_id, provider_name="raven", name="r", given={"word": "nevermore"}, now=T0
    )
    return world


def call(world, kind="delivered", word="nevermore", body=None, event="e1", **of):
    message = Message.objects.get(shop_id=world.shop_id)
    of = of or {"message_key": LETTERHEAD.message_key(world.shop_id, message.id)}
    content = json.dumps({"kind": kind, "id": event, "of": of}).encode() if body is None else body
    return ProviderCall.objects.create(
        shop_id=world.shop_id, id=new_id(NOW), account_id=world.account.id, method="POST",
        target="/hooks/feedback/x", headers={"x-word": word, "authorization": "Basic abc"},
        body=content, received_at=NOW, due_at=NOW,
    )  # fmt: skip


def read(world, now=NOW):
    reader = CallReader(world.accounts, LETTERHEAD)
    assert (world.shop_id in calls.shops_with_due(now)) is bool(
        ProviderCall.objects.filter(shop_id=world.shop_id, due_at__lte=now)
    )
    return reader.read_due(shop_id=world.shop_id, now=now)


def test_what_was_read_is_recorded_and_forgotten(world):
    call(world)
    call(world)
    assert read(world) == 2
    assert Message.objects.get(shop_id=world.shop_id).delivery == "delivered"
    assert not ProviderCall.objects.filter(shop_id=world.shop_id).exists()
    assert MessageFeedback.objects.filter(shop_id=world.shop_id).count() == 1


@pytest.mark.parametrize(
    ("about", "reason"),
    [({"word": "once"}, "X-Word is not the word"), ({"body": b"{"}, "can't be read: ")],
)
def test_what_is_not_believed_is_kept_with_the_reason_and_without_credentials(world, about, reason):
    call(world)
    refused = call(world, **about)
    assert read(world) == 2
    refused.refresh_from_db()
    assert refused.detail.startswith(reason)
    assert (refused.refused_at, refused.due_at) == (NOW, None)
    assert "authorization" not in refused.headers
    assert calls.refused_since(world.shop_id, T0) == {world.account.id: (1, NOW)}
    assert Message.objects.get(shop_id=world.shop_id).delivery == "delivered"
    call(world, event="e2")
    read(world, NOW + calls.KEPT_FOR + timedelta(seconds=1))
    assert not ProviderCall.objects.filter(shop_id=world.shop_id).exists()


def test_a_receipt_that_is_written_down_late_is_waited_for(world):
    call(world, receipt="r-1")
    read(world)
    assert not MessageFeedback.objects.filter(shop_id=world.shop_id).exists()
    Message.objects.filter(shop_id=world.shop_id).update(account_id=world.account.id, receipt="r-1")
    assert read(world, NOW + timedelta(seconds=10)) == 0
    assert read(world, NOW + timedelta(seconds=20)) == 1
    assert Message.objects.get(shop_id=world.shop_id).delivery == "delivered"


def test_a_receipt_that_stays_unknown_is_kept_in_the_end(world):
    call(world, receipt="r-9")
    for seconds in (0, 20, 300):
        assert read(world, NOW + timedelta(seconds=seconds)) == 1
    assert not ProviderCall.objects.filter(shop_id=world.shop_id).exists()
    assert MessageFeedback.objects.get(shop_id=world.shop_id).message_id is None


def test_the_calls_of_an_account_that_cannot_be_opened_wait(world):
    call(world)
    other = Accounts({"raven": RAVEN}, SecretBox((key_file.new_key(),)))
    CallReader(other, LETTERHEAD).read_due(shop_id=world.shop_id, now=NOW)
    assert read(world, NOW + timedelta(minutes=10)) == 1
    assert Message.objects.get(shop_id=world.shop_id).delivery == "delivered"


def test_the_calls_of_an_account_that_was_removed_are_not_believed(world):
    kept = call(world)
    operations.remove_account(world.account)
    read(world)
    kept.refresh_from_db()
    assert kept.detail == "the account was removed"
