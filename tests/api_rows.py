"""What the personas' story does not touch and the API shows: a pool, an agent, a deal, a segment."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.connections.models import Connection, ConnectionGap
from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.deals.opening import Wanted, open_deals
from ripresa.domain.mailroom.models import ReceivedMail
from ripresa.domain.messages.models import MessageFeedback
from ripresa.domain.providers.models import ProviderAccount, ProviderCall
from ripresa.domain.segments import operations as segments
from ripresa.domain.segments.reading import parse_segment
from ripresa.usecases.agents.assign_agents import add_agent
from ripresa.usecases.campaigns.keep import keep_campaign
from ripresa.usecases.coupons.add_codes import NewCode, add_codes
from ripresa.usecases.files.bringing import Brought, bring
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.webhooks.endpoints import Endpoints, send_test
from tests.world import World
from tests.worlds.access import approval_of

SEGMENT = """\
name: Left and not recovered
when:
  abandonment: {state: not_recovered}
"""
CAMPAIGN = """\
version: 1
name: A letter
about: abandoned_cart
audience: {segment: Left and not recovered}
message: {send: [email], template: reminder}
"""
STAGE = "check_out_abandoned"


@dataclass(frozen=True, slots=True)
class Rows:
    """Ids of Ada's shop by the name of a path's parameter."""

    ids: dict[str, UUID]


def make_rows(world: World, now: datetime) -> Rows:
    shop = world.shop
    pool = create_pool(shop_id=shop.id, name="spring", now=now)
    codes = [NewCode(f"SPRING-{number}", None) for number in range(3)]
    add_codes(shop_id=shop.id, pool=pool, codes=codes, now=now)
    agent = add_agent(shop_id=shop.id, email="sara@wines.test", name="Sara", now=now)
    cart = world.ben_cart
    assert cart.contact_id is not None
    wanted = Wanted(cart.id, cart.contact_id, STAGE, Money(200_000, "EUR"))
    with transaction.atomic():
        opened = open_deals(shop_id=shop.id, wanted=[wanted], now=now)
    read = parse_segment(SEGMENT, file_name="segment.yaml", currency="EUR")
    segment = segments.save(shop_id=shop.id, segment=read, text=SEGMENT, now=now)
    campaign = keep_campaign(
        shop_id=shop.id, text=CAMPAIGN, file_name="campaign.yaml", now=now
    ).campaign
    return Rows(
        {
            "pool_id": pool.id,
            "agent_id": agent,
            "approval_id": approval_of(world).id,
            "deal_id": opened[cart.id].id,
            "segment_id": segment.id,
            "campaign_id": campaign.id,
            "contact_id": world.ben.id,
            "cart_id": cart.id,
            "order_id": world.ben_order.id,
            "recovery_id": world.sent.origin_id,
            "scenario_id": world.draft.id,
            "message_id": world.sent.id,
            "sender_id": world.sender.id,
            "import_id": _file(world, now),
            "account_id": _account(world, now),
            "mail_id": _stray_mail(world, now),
            "connection_id": _connection(world, now),
            **_endpoint(world, now),
        }
    )


def _endpoint(world: World, now: datetime) -> dict[str, UUID]:
    """Somebody outside who was not told of a test yet."""
    made = Endpoints().add(
        shop_id=world.shop.id, name="crm", url="https://crm.test/hook", patterns=["cart.*"], now=now
    )
    return {"endpoint_id": made.endpoint.id, "event_id": send_test(made.endpoint, now)}


def _file(world: World, now: datetime) -> UUID:
    content = BytesIO(b"email,first name\nflora@mail.test,Flora\nnobody,Guido\n")
    brought = Brought("contacts", "people.csv", "", Manner())
    return bring(shop=world.shop, brought=brought, content=content, now=now).id


def _account(world: World, now: datetime) -> UUID:
    """An account whose secret must never be seen, and a call to it that was not believed."""
    shop = world.shop
    account = ProviderAccount.objects.create(
        shop=shop, id=new_id(now), kind="sms", provider="smsapi", name="texts",
        settings={"sender": "Wines"}, secrets=b"sealed-secret", created_at=now,
        hook_reply={"status": 200, "content_type": "text/plain", "body": "OK"},
    )  # fmt: skip
    ProviderCall.objects.create(
        shop=shop, id=new_id(now), account_id=account.id, method="POST", target="/hooks/x",
        headers={}, body=b"MsgId=1", received_at=now, refused_at=now, detail="it is not signed",
    )  # fmt: skip
    MessageFeedback.objects.create(
        shop=shop, id=new_id(now), source=str(account.id), event_id="s1", kind="delivered",
        channel="sms", recipient="+393330000001", occurred_at=now, received_at=now,
    )  # fmt: skip
    return account.id


def _connection(world: World, now: datetime) -> UUID:
    """A shop's platform whose calls had missed something."""
    shop = world.shop
    connection = Connection.objects.create(
        shop=shop, id=new_id(now), platform="medusa", name="shop", secrets=b"sealed-secret",
        created_at=now, asked_until=now,
    )  # fmt: skip
    ConnectionGap.objects.create(
        shop=shop, id=new_id(now), connection_id=connection.id, found_at=now, way="asked", since=now,
        events=3, by_type={"cart.updated": 2, "order.placed": 1}, earliest_at=now, latest_at=now,
    )  # fmt: skip
    return connection.id


def _stray_mail(world: World, now: datetime) -> UUID:
    mail_id = new_id(now)
    ReceivedMail.objects.create(
        shop=world.shop, id=mail_id, source="lmtp", sender="who@mail.test", recipient="b@wines.test",
        digest=b"d" * 32, raw=b"From: who@mail.test\r\n\r\nHello?", received_at=now,
        outcome="unmatched", detail="it names no message",
    )  # fmt: skip
    return mail_id
