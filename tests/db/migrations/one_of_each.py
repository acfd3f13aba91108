"""At least one row in every table of a shop: what a migration has to carry over."""

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.attribution import stale
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.campaigns.models import Campaign, CampaignDraft, CampaignRecipient
from ripresa.domain.carts.models import CaptureAlarm, CartActivity, CartWatermark, OrderKey, Refund
from ripresa.domain.connections.models import BackFill, Connection, ConnectionGap
from ripresa.domain.contacts.models import (
    ConsentRequest,
    ConsentWord,
    ContactLink,
    ContactSplit,
    LanguageChoice,
    ReceivingDomain,
    SuppressedDigest,
    SuppressionChange,
    Tombstone,
    VisitKey,
)
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponMint, CouponPool
from ripresa.domain.deals import assigning, opening
from ripresa.domain.deals.models import AssignmentRule, RuleAgent
from ripresa.domain.imports.models import FileImport, FilePiece, FileProblem
from ripresa.domain.inbox.models import InboxEvent, PendingOrderKey
from ripresa.domain.mailroom import operations as mailroom
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.media import copies
from ripresa.domain.messages.models import (
    MessageContent,
    MessageFeedback,
    MessageHour,
    MessageLetter,
)
from ripresa.domain.messages.operations import keep_sources
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.messages.wording import pack, source_of
from ripresa.domain.providers import errands
from ripresa.domain.providers.models import ProviderAccount, ProviderCall
from ripresa.domain.scenarios.models import (
    ArmAssignment,
    HoldoutAssignment,
    ManualSend,
    ScenarioDraft,
)
from ripresa.domain.segments.models import Segment
from ripresa.domain.shops.models import AccessKey, ApiKey, SavedView, Shop
from ripresa.domain.templates.models import Picture
from ripresa.domain.webhooks.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from ripresa.usecases.digests.wishes import wish
from ripresa.usecases.members import joining
from ripresa.usecases.reporting.keeping import rebuild
from tests.rows import DAY, T0, make_link
from tests.world import World, build_world, template_of
from tests.worlds.access import approval_of
from tests.worlds.replays import replay_of
from tests.worlds.texts import picture_of, saved_block_of


def one_of_each() -> World:
    """The world of the personas, and what their story does not touch."""
    world = build_world()
    shop = world.shop
    event = InboxEvent.objects.create(
        shop=shop, id=new_id(T0), source="shop", external_id="e_1", type="order.placed",
        trusted=True, occurred_at=T0, received_at=T0, payload="{}",
    )  # fmt: skip
    PendingOrderKey.objects.create(shop=shop, key="email:ben@mail.test", inbox_id=event.id)
    CartActivity.objects.create(
        shop=shop, id=new_id(T0), source="shop", token="cart_5", occurred_at=T0, event_id="e_2",
        kind="updated", payload="{}",
    )  # fmt: skip
    picture_of(world)
    saved_block_of(world)
    copies.keep_copy(
        shop_id=shop.id, address="https://shop.test/a.png", content=b"", problem="away", now=T0
    )
    _connected(shop)
    _files_and_alarms(shop)
    OrderKey.objects.create(shop=shop, key="token:cart_5", order_id=world.ben_order.id)
    Refund.objects.create(
        shop=shop, id=new_id(T0), source="shop", external_id="r_1", currency="EUR", amount_minor=820,
        order_external_id=world.ben_order.external_id, occurred_at=T0,
    )  # fmt: skip
    ContactLink.objects.create(shop=shop, left_key="customer:c_77", right_key="email:ben@mail.test")
    ContactSplit.objects.create(
        shop=shop, id=new_id(T0), keys=["email:anna@mail.test"], event_id="s_1", occurred_at=T0
    )
    VisitKey.objects.create(
        shop=shop, visit="token:cart_5", key="email:ben@mail.test", trusted=True, earliest_at=T0,
        latest_at=T0,
    )  # fmt: skip
    _said_and_gone(shop)
    _access(world)
    told = Telling("sender", "a@shop.test", "550 5.7.1 refused")
    tell_owner(shop_id=shop.id, tellings=[told], now=T0)
    _lots(world)
    MessageHour.objects.create(shop=shop, hour=T0, handed_over=1)
    _an_endpoint(shop)
    _a_provider(world)
    _words(world)
    ManualSend.objects.create(
        shop=shop, id=new_id(T0), cart_id=world.ben_cart.id, asked_by="Max", asked_at=T0,
        overrides=["caps"], plan={},
    )  # fmt: skip
    _a_campaign(world)
    _coupon(world)
    make_link(world.sent, "restore", "token", expires_at=T0)
    _a_deal(world)
    return world


def _lots(world: World) -> None:
    """Ben is in an arm of a test, and not held out; Ada wants figures by mail."""
    shop = world.shop
    wish(shop_id=shop.id, user_id=world.ada.id, every="week", language="it", now=T0)
    ArmAssignment.objects.create(
        shop=shop, scenario_id=world.scenario.id, test="offer", key="email:ben@mail.test",
        arm="plain", assigned_at=T0,
    )  # fmt: skip
    HoldoutAssignment.objects.create(
        shop=shop, scenario_id=world.scenario.id, key="email:ben@mail.test", is_held_out=False,
        assigned_at=T0,
    )  # fmt: skip


def _access(world: World) -> None:
    """Keys, and what was done with them; somebody who is asked to join."""
    shop = world.shop
    approval_of(world)
    joining.invite(shop_id=shop.id, email="mia@wines.test", role="agent", now=T0)
    AccessKey.objects.create(
        shop=shop, id=new_id(T0), kind="secret", digest=b"digest", created_at=T0
    )
    SavedView.objects.create(
        shop=shop, id=new_id(T0), room="carts", name="Mine", query="buyer=ben", created_at=T0
    )
    ApiKey.objects.create(
        shop=shop, id=new_id(T0), digest=b"digest", scopes=["read"], created_at=T0
    )
    subject = Subject(About.SHOP)
    write_down(shop_id=shop.id, action=Action.CHANGED, subject=subject, after={"name": "A"}, now=T0)


def _figures(world: World) -> None:
    """Ben's orders credited and counted, a visit from outside, and something yet to be looked at."""
    shop_id = world.shop.id
    outside = NewTouch("analytics", "v_1", T0 - 10 * DAY, "outside", "fair", "email:ben@mail.test")
    add_touchpoints(shop_id=shop_id, touches=[outside], now=T0)
    rebuild(shop_id=shop_id, now=T0)
    stale.mark(shop_id=shop_id, now=T0, contact_ids=[world.ben.id])


def _a_campaign(world: World) -> None:
    """A scenario still being written, a segment, and a campaign that has reached Ben."""
    shop = world.shop
    template_of(world)
    replay_of(world)
    ScenarioDraft.objects.create(
        shop=shop, id=new_id(T0), scenario_id=world.draft.id, name="Left at the checkout",
        text="name: Left at the checkout", saved_by="ada@wines.test", saved_at=T0,
    )  # fmt: skip
    Segment.objects.create(
        shop=shop, id=new_id(T0), name="Left", text="name: Left", condition={}, created_at=T0,
        changed_at=T0,
    )  # fmt: skip
    campaign = Campaign.objects.create(
        shop=shop, id=new_id(T0), name="Letter", about="abandoned_cart", state="ended", text="name: Letter",
        plan={}, condition={}, created_at=T0, changed_at=T0,
    )  # fmt: skip
    CampaignDraft.objects.create(
        shop=shop, id=new_id(T0), campaign_id=campaign.id, name="Letter", text="name: Letter",
        saved_by="ada@wines.test", saved_at=T0,
    )  # fmt: skip
    CampaignRecipient.objects.create(
        shop=shop, id=new_id(T0), campaign_id=campaign.id, contact_id=world.ben.id,
        cart_id=world.ben_cart.id, key="email:ben@mail.test", state="over", added_at=T0,
    )  # fmt: skip


def _a_provider(world: World) -> None:
    """A shop with an account of its own, which has called, and told of a message."""
    shop = world.shop
    account = ProviderAccount.objects.create(
        shop=shop, id=new_id(T0), kind="sms", provider="gateway", name="texts", secrets=b"sealed",
        created_at=T0,
    )  # fmt: skip
    ProviderCall.objects.create(
        shop=shop, id=new_id(T0), account_id=account.id, method="POST", target="/hooks/feedback/x",
        headers={}, body=b"{}", received_at=T0, due_at=T0,
    )  # fmt: skip
    _mail(shop.id, account.id)
    MessageFeedback.objects.create(
        shop=shop, id=new_id(T0), source="box", event_id="e_1", kind="delivered", channel="email",
        message_id=world.sent.id, occurred_at=T0, received_at=T0,
    )  # fmt: skip


def _mail(shop_id, account_id) -> None:
    arrived = Arrived("lmtp", "ben@mail.test", "r@wines.test", b"From: ben@mail.test")
    mailroom.store(shop_id=shop_id, mails=[arrived], now=T0)
    mailroom.move_position(
        shop_id=shop_id, account_id=account_id, folder="INBOX", uid_validity=1, uid=7
    )


def _said_and_gone(shop: Shop) -> None:
    """What people said and chose, and what is left of those who are gone."""
    ConsentWord.objects.create(
        shop=shop, key="email:ben@mail.test", channel="email", event_id="e", state="granted",
        proven=True, at=T0, source="checkout", text="Yes, write to me.", ip="192.0.2.7",
    )  # fmt: skip
    ConsentRequest.objects.create(
        shop=shop, id=new_id(T0), key="email:ben@mail.test", requested_at=T0, sent_at=T0
    )
    errands.ask_for_help(shop_id=shop.id, phone="+393331234567", now=T0)
    ReceivingDomain.objects.create(shop=shop, domain="mail.test", takes_mail="yes", checked_at=T0)
    LanguageChoice.objects.create(shop=shop, key="email:ben@mail.test", language="de", chosen_at=T0)
    Tombstone.objects.create(shop=shop, key_hash=b"t" * 32, erased_at=T0)
    SuppressedDigest.objects.create(
        shop=shop, channel="email", digest=b"d" * 32, cause="manual", created_at=T0
    )
    SuppressionChange.objects.create(
        shop=shop, id=new_id(T0), at=T0, by="Ada", action="added", channel="email",
        address="ben@mail.test", cause="manual",
    )  # fmt: skip


def _a_deal(world: World) -> None:
    """Ben's cart is worked on by the agent that a rule gave him."""
    shop_id = world.shop.id
    agent = assigning.add_agents(shop_id=shop_id, names={"cleo@wines.test": "Cleo"}, now=T0)
    rule = AssignmentRule.objects.create(
        shop_id=shop_id, id=new_id(T0), position=1, created_at=T0, countries=["IT"]
    )
    RuleAgent.objects.create(
        shop_id=shop_id, rule_id=rule.id, agent_id=agent["cleo@wines.test"], place=1
    )
    cart = world.ben_cart
    deal = opening.Wanted(cart.id, world.ben.id, "in_talks", Money(200_000, "EUR"), "IT")
    opening.open_deals(shop_id=shop_id, wanted=[deal], now=T0)
    _figures(world)


def _coupon(world: World) -> None:
    shop = world.shop
    pool = CouponPool.objects.create(
        shop=shop, id=new_id(T0), name="spring", kind="dynamic", low_water=20, created_at=T0
    )
    code = CouponCode.objects.create(
        shop=shop, id=new_id(T0), pool_id=pool.id, code="SPRING-1", expires_at=T0, reserved_at=T0
    )
    CouponIssue.objects.create(
        shop=shop, id=new_id(T0), pool_id=pool.id, code_id=code.id, code=code.code, reserved_at=T0,
        contact_id=world.ben.id, origin_kind="recovery", origin_id=world.sent.origin_id, step="first",
        sent_at=T0, expires_at=T0,
    )  # fmt: skip


def _an_endpoint(shop: Shop) -> None:
    """Somebody outside was told once, and is told again."""
    endpoint = WebhookEndpoint.objects.create(
        shop=shop, id=new_id(T0), name="crm", url="https://crm.test/hook", patterns=["*"],
        secrets=b"sealed", created_at=T0,
    )  # fmt: skip
    event = WebhookEvent.objects.create(
        shop=shop, id=new_id(T0), position=1, type="shop.warned", subject=endpoint.id, happened_at=T0,
        facts={"kind": "volume"}, about={},
    )  # fmt: skip
    WebhookDelivery.objects.create(
        shop=shop, endpoint_id=endpoint.id, event_id=event.id, subject=endpoint.id, position=1,
        due_at=T0, attempts=1,
    )  # fmt: skip
    WebhookAttempt.objects.create(
        shop=shop, id=new_id(T0), endpoint_id=endpoint.id, event_id=event.id, number=1, at=T0,
        milliseconds=20, status=500,
    )  # fmt: skip


def _words(world: World) -> None:
    shop = world.shop
    source = source_of("<p>Ciao {{ person.first_name }}</p>", "Ciao {{ person.first_name }}")
    keep_sources(shop_id=shop.id, sources=[source])
    MessageContent.objects.filter(id=world.sent.id).update(
        words=pack("<p>Ciao Ben</p>", "Ciao Ben", source.body), source_id=source.id
    )
    MessageLetter.objects.create(
        shop=shop, id=world.sent.id, content={"subject": "Ciao"}, address_lines=["Ben Rossi"],
        dated_on=T0.date(), code="7K2QX-9MTB4", pages=1,
    )  # fmt: skip
    Picture.objects.create(
        shop=shop, id=new_id(T0), name="logo", media_type="image/png", content=b"png", created_at=T0
    )


def _connected(shop) -> None:
    connection = Connection.objects.create(
        shop=shop, id=new_id(T0), platform="woocommerce", name="shop", secrets=b"sealed",
        created_at=T0, ask_at=T0, asked_until=T0,
    )  # fmt: skip
    BackFill.objects.create(
        shop=shop, id=new_id(T0), connection_id=connection.id, since=T0, begun_at=T0, due_at=T0
    )
    ConnectionGap.objects.create(
        shop=shop, id=new_id(T0), connection_id=connection.id, found_at=T0, way="asked", since=T0,
        events=1, by_type={"order.placed": 1}, earliest_at=T0, latest_at=T0,
    )  # fmt: skip
    CartWatermark.objects.create(shop=shop, source="shop", token="cart_5", until=T0)
    pool = CouponPool.objects.create(
        shop=shop, id=new_id(T0), name="minted", kind="dynamic", low_water=5, created_at=T0
    )
    CouponMint.objects.create(
        shop=shop, id=new_id(T0), pool_id=pool.id, connection_id=connection.id, value="10.00",
        is_percent=True, currency="EUR", ahead=100, drawn=["AAAA"], due_at=T0,
    )  # fmt: skip


def _files_and_alarms(shop: Shop) -> None:
    CaptureAlarm.objects.create(shop=shop, id=new_id(T0), began_at=T0, hours=3, seen=0, usual=40)
    file = FileImport.objects.create(
        shop=shop, id=new_id(T0), kind="contacts", name="people.csv", digest=b"", created_at=T0
    )
    FilePiece.objects.create(shop=shop, import_id=file.id, number=0, content=b"email\n")
    FileProblem.objects.create(
        shop=shop, id=new_id(T0), import_id=file.id, row=2, column="email", code="not_an_email",
        message="it is no e-mail address", is_lost=True,
    )  # fmt: skip
