"""Every table that may hold something of a person: which rows are hers, and what erasing does to them.

A test walks all tables and fails for one that is not named here, so none can be forgotten.
"""

from typing import NamedTuple

DELETE = "DELETE"
NOTHING = "FALSE"


class Holding(NamedTuple):
    """Rows of hers in one table. SQL over its alias `t`; `erase`: DELETE, the columns to set, or None.

    None: nothing in it says who she was; it stays for the shop's figures, with the id of nobody.
    `forbids`: which of them say that she wants nothing; they stay where she may come again.
    Parameters: shop_id, contact (her row's id), keys, addresses (e-mail, phone), refused (channels),
    pseudonym, now.
    """

    table: str
    hers: str
    erase: str | None
    forbids: str = NOTHING


_BY_CONTACT = "t.contact_id = %(contact)s"
_BY_KEY = "t.key = ANY(%(keys)s)"
# Several keys of hers may have been drawn in one comparison.
_LOT_OF_NOBODY = "key = %(pseudonym)s || ':' || gen_random_uuid()"
# Her whole word in a channel, for a part of it would say something else.
_REFUSED = "t.channel = ANY(%(refused)s::text[])"
_BY_CART = (
    "t.cart_id IN (SELECT c.id FROM cart AS c"
    " WHERE c.shop_id = t.shop_id AND c.contact_id = %(contact)s)"
)
_BY_ORDER = (
    "t.order_id IN (SELECT o.id FROM shop_order AS o"
    " WHERE o.shop_id = t.shop_id AND o.contact_id = %(contact)s)"
)
_MESSAGES = (
    "(SELECT m.id FROM message AS m WHERE m.shop_id = t.shop_id AND m.contact_id = %(contact)s)"
)
# What was told outside of her and her carts, and whatever else names her.
_TOLD_OF_HER = (
    "e.contact_id = %(contact)s OR e.cart_id IN (SELECT c.id FROM cart AS c"
    " WHERE c.shop_id = e.shop_id AND c.contact_id = %(contact)s)"
    " OR EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
    " WHERE position(one IN e.facts::text || coalesce(e.body, '')) > 0)"
)
_TOLD = f"(SELECT e.id FROM webhook_event AS e WHERE e.shop_id = t.shop_id AND ({_TOLD_OF_HER}))"

# In an order in which what finds others goes last.
HOLDINGS: tuple[Holding, ...] = (
    Holding("contact_link", "t.left_key = ANY(%(keys)s) OR t.right_key = ANY(%(keys)s)", DELETE),
    Holding("phone_claim", _BY_KEY, DELETE),
    Holding(
        "contact_split",
        "t.keys && %(keys)s::text[]",
        "keys = ARRAY(SELECT one FROM unnest(t.keys) AS one WHERE one <> ALL(%(keys)s))",
    ),
    Holding("consent_claim", _BY_KEY, DELETE, forbids=_REFUSED),
    Holding("consent_word", _BY_KEY, DELETE, forbids=_REFUSED),
    Holding("consent_request", _BY_KEY, DELETE),
    Holding("sms_errand", "t.phone = ANY(%(addresses)s)", DELETE),
    Holding("language_choice", _BY_KEY, DELETE),
    Holding("suppression", "t.address = ANY(%(addresses)s)", DELETE, forbids="TRUE"),
    Holding(
        "suppression_change",
        "t.address = ANY(%(addresses)s)",
        "address = 'erased'",
        forbids="TRUE",
    ),
    Holding(
        "suppressed_digest",
        "t.digest IN (SELECT sha256(convert_to(one, 'UTF8'))"
        " FROM unnest(%(addresses)s::text[]) AS one)",
        DELETE,
        forbids="TRUE",
    ),
    Holding("agent_assignment", _BY_KEY, DELETE),
    # Where she was drawn stays with what she bought (people_drawn.sql): nobody leaves a comparison.
    Holding("holdout_assignment", _BY_KEY, _LOT_OF_NOBODY),
    Holding("arm_assignment", _BY_KEY, _LOT_OF_NOBODY),
    Holding("message_content", f"t.id IN {_MESSAGES}", DELETE),
    Holding("message_letter", f"t.id IN {_MESSAGES}", DELETE),
    # Whoever finds an old mail may still end the mails, though nobody is left to write to.
    Holding("message_link", f"t.message_id IN {_MESSAGES}", None),
    Holding(
        "message_feedback",
        f"t.message_id IN {_MESSAGES} OR t.recipient = ANY(%(addresses)s)",
        "recipient = NULL, detail = '', text = '', url = '', user_agent = '', ip = ''",
    ),
    Holding(
        "decision",
        f"t.message_id IN {_MESSAGES} OR t.origin_id IN (SELECT r.id FROM recovery AS r"
        " WHERE r.shop_id = t.shop_id AND r.contact_id = %(contact)s)",
        "to_address = NULL, subject = NULL, facts = '{}'",
    ),
    Holding("message", _BY_CONTACT, "to_address = NULL, subject = NULL, receipt = NULL"),
    Holding("webhook_attempt", f"t.event_id IN {_TOLD}", DELETE),
    Holding("webhook_delivery", f"t.event_id IN {_TOLD}", DELETE),
    Holding("webhook_event", _TOLD_OF_HER.replace("e.", "t."), DELETE),
    Holding(
        "owner_notice",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE position(one IN t.about || ' ' || t.cause) > 0)",
        "about = 'erased', cause = 'erased'",
    ),
    Holding(
        "received_mail",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE t.sender = one OR position(convert_to(one, 'UTF8') IN t.raw) > 0)",
        DELETE,
    ),
    # A file that lacks a piece is not taken in any further: it must be brought again, without her.
    Holding(
        "file_piece",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE position(convert_to(one, 'UTF8') IN t.content) > 0)",
        DELETE,
    ),
    Holding(
        "file_problem",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE position(one IN t.message) > 0)",
        "message = 'erased'",
    ),
    Holding(
        "saved_view",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE position(replace(replace(one, '@', '%%40'), '+', '%%2B') IN t.query) > 0)",
        DELETE,
    ),
    # What is read goes at once; what was not believed is kept for a while, for whoever looks why.
    Holding(
        "provider_call",
        "EXISTS (SELECT 1 FROM unnest(%(addresses)s::text[]) AS one"
        " WHERE position(convert_to(one, 'UTF8') IN t.body) > 0)",
        DELETE,
    ),
    Holding("campaign_recipient", _BY_CONTACT, "key = %(pseudonym)s"),
    Holding("recovery", _BY_CONTACT, None),
    Holding("manual_send", _BY_CART, None),
    Holding("coupon_issue", _BY_CONTACT, None),
    Holding(
        "deal_activity",
        "t.deal_id IN (SELECT d.id FROM deal AS d"
        " WHERE d.shop_id = t.shop_id AND d.contact_id = %(contact)s)",
        "note = ''",
    ),
    Holding("deal", _BY_CONTACT, None),
    Holding("order_credit", _BY_ORDER, None),
    Holding("report_stale", _BY_CONTACT, None),
    Holding("touchpoint", _BY_KEY, "key = %(pseudonym)s, external_id = t.id::text"),
    Holding("abandonment", _BY_CART, None),
    Holding(
        "order_key",
        f"{_BY_ORDER} OR {_BY_KEY}",
        "key = CASE WHEN t.key LIKE 'token:%%' OR t.key LIKE 'checkout:%%' THEN t.key"
        " ELSE 'erased:' || gen_random_uuid() END",
    ),
    Holding(
        "refund",
        "(t.source, t.order_external_id) IN (SELECT o.source, o.external_id FROM shop_order AS o"
        " WHERE o.shop_id = t.shop_id AND o.contact_id = %(contact)s)",
        None,
    ),
    Holding("shop_order", _BY_CONTACT, "person_key = %(pseudonym)s"),
    Holding(
        "cart_activity",
        "(t.source, t.token) IN (SELECT c.source, c.token FROM cart AS c"
        " WHERE c.shop_id = t.shop_id AND c.contact_id = %(contact)s"
        " UNION ALL SELECT c.source, substr(v.key, 7) FROM cart AS c JOIN visit_key AS v"
        " ON v.shop_id = c.shop_id AND v.visit = 'token:' || c.token AND v.key LIKE 'token:%%'"
        # A page may say of any token that her cart was restored under it; whose it is, its own cart tells.
        " WHERE c.shop_id = t.shop_id AND c.contact_id = %(contact)s"
        " AND NOT EXISTS (SELECT 1 FROM cart AS o"
        " WHERE o.shop_id = c.shop_id AND o.source = c.source AND o.token = substr(v.key, 7)"
        " AND o.contact_id IS DISTINCT FROM c.contact_id))",
        "payload = (t.payload::jsonb - 'restore_url' - 'visitor_id' - 'user_agent')::text",
    ),
    Holding(
        "cart",
        _BY_CONTACT,
        "person_key = %(pseudonym)s, restore_url = NULL, visitor_id = NULL, user_agent = NULL",
    ),
    Holding("visit_key", _BY_KEY, DELETE),
    Holding("contact_key", _BY_CONTACT, DELETE),
    Holding(
        "contact",
        "t.id = %(contact)s",
        "email = NULL, phone = NULL, customer_id = NULL, first_name = NULL, last_name = NULL,"
        " locale = NULL, timezone = NULL, address = NULL, agent = NULL, erased_at = %(now)s,"
        " consent_email = 'unknown', consent_sms = 'unknown', consent_letter = 'unknown'",
    ),
)

# Of these the rows are found by keys and addresses alone: they may outlive the person's own row.
REFUSALS = tuple(each for each in HOLDINGS if each.forbids != NOTHING)

# Tables of a shop that hold nobody: why.
NOBODY: dict[str, str] = {
    "access_key": "the shop's own",
    "agent": "people who work for the shop",
    "api_key": "the shop's own",
    "approval": "files of the shop's own, and who of it was asked",
    "assignment_rule": "the shop's own",
    "audit_entry": "what people of the shop did, by ids",
    "back_fill": "numbers",
    "brand_kit": "the shop's own",
    "campaign": "a plan",
    "campaign_draft": "a plan, and who of the shop wrote it",
    "capture_alarm": "numbers",
    "cart_watermark": "names of carts, which say nobody's once the cart's person is gone",
    "connection": "the shop's own",
    "connection_gap": "numbers",
    "coupon_code": "codes; whose one is says coupon_issue",
    "coupon_mint": "the shop's own",
    "coupon_pool": "the shop's own",
    "fetch_position": "numbers",
    "file_import": "names of files, and numbers",
    "inbox": "payloads go once folded, and the fold heeds tombstones",
    "member_mail": "mails to people who work for the shop",
    "membership": "people who work for the shop",
    "media_file": "the shop's own, and who of it brought it",
    "media_size": "the shop's own",
    "merge_source": "texts of the shop's own",
    "message_hour": "numbers",
    "webhook_endpoint": "the shop's own",
    "own_template": "the shop's own, and who of it wrote it",
    "pending_order_key": "goes with the fold, within a second",
    "picture": "the shop's own",
    "picture_copy": "pictures of products",
    "pipeline": "the shop's own",
    "provider_account": "the shop's own",
    "receiving_domain": "domains, which are nobody's",
    "report_abandonments": "numbers",
    "report_credits": "numbers",
    "report_messages": "numbers",
    "report_sales": "numbers",
    "report_settings": "the shop's own",
    "rule_agent": "people who work for the shop",
    "saved_block": "the shop's own",
    "scenario": "a plan",
    "scenario_draft": "a plan, and who of the shop wrote it",
    "scenario_replay": "a plan, numbers, and who of the shop asked",
    "scenario_version": "a plan",
    "report_digest": "people who work for the shop",
    "segment": "a condition",
    "sender": "the shop's own",
    "stage": "the shop's own",
    "tombstone": "keyed hashes of people who are gone",
}
