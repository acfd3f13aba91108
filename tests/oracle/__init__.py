"""Oracle: a second opinion on what `ripresa simulate` must write, from the contract alone.

Owns an independent reading of contracts/events.md and contracts/scenario.md, generators of nasty
event sets and of scenario files, and worked examples; it shares no line and no idea with the
product's code.
Promises the lines of messages.jsonl and carts.jsonl for all that `simulate` can show: branches and
conditions, audiences, hold-out, steps by e-mail, SMS, letter and notice, languages, limits, quiet
hours, consent by channel, late and repeated events.
Leaves out crawlers, aliases of a token by restore link (so a recovery's cause is never `link`),
minted coupons, segments, `source`, moved phone numbers, legal bases by country, several scenarios, agents'
doings, `--from`, and `subject`, which is null here.

    python -m tests.oracle --events FILE --scenario tests/oracle/three_steps.yaml --out DIR

How it works: one loop over instants. At each, everything that has been delivered by then is read
anew: first who is who (people_reading), then orders (orders_reading), then carts (cart_reading).
Then plans are cancelled, carts taken up (reading; knowledge_reading and conditions_reading say what
is true of them), planned (recovery_reading), and due messages decided (sending_reading).


Choices
=======

Where the contract is silent or can be read two ways. "Else" names what else it could mean.

Time
----
T1  "Until nothing is due" includes the expiry, 30 days after the abandonment: without `--until`
    no cart ends as `abandoned`. Else: the clock stops after the last message or abandonment.
T2  `--until T` includes what happens at T. Else: up to T, exclusive.
T3  `received_at` before `occurred_at` counts as `occurred_at`. Else: reject, or move occurred_at.
T4  A day in a duration is 24 hours, also over clock changes. Else: the same time next day.
T5  At one instant: delivery, then expiry and cancelling, then turning away, then taking up, then
    superseding, then due messages by (due_at, cart, step, channel). Else: cart by cart.
T6  Instants keep microseconds inside; the files cut them to milliseconds.

Lines of the file
-----------------
L1  Of one id told twice with different words, the copy delivered first counts; at one instant the
    one whose sorted JSON is least. A rejected line takes no id.
L2  E-mail addresses are compared trimmed and in lower case; phones and customer ids as they are.
L3  An item needs sku or product_id and a whole quantity from 1; a price, where given, is a decimal
    string. Else: quantity 0 is a removed item. An e-mail needs an "@".
L4  Product is product_id, else sku; variant is variant, else sku; the order of items is no matter.
L5  Items count on cart.updated only; what a checkout event carries is ignored.

Who is who
----------
W1  People are read from all known events, later ones included: a join at t=9 makes one person of
    what happened at t=1 (only "when could she first be reached" is read from the past alone).
W2  One token joins e-mail and customer id when all its events together, its orders included and
    across its generations, name exactly one of each. Else: per generation; or only if neither
    belongs elsewhere ("no customer" said of the person, not of the event).
W3  A cart somebody named herself on is hers; of several, the last while it lived, else the first
    after. E-mail and customer id come before a phone. Else: the first; or no change once abandoned.
W4  A cart nobody named belongs to the contact of the order that named it, else to its visitor
    (all visitors seen on it together). Any event with a visitor and a contact key identifies, not
    only contact.identified.
W5  Events between an order and the next generation's beginning speak for both generations.
W6  A phone-only contact is a person of her own, never the holder of that number.
W7  Her address, phone, time zone, country, language and agent are those told last, by
    (occurred_at, id).
W8  A customer id alone is not reachable; her abandonment waits for an e-mail, phone, postal
    address or agent.

Carts
-----
C1  begun_at is the first of the four activities, with or without items.
C2  Every checkout.started and checkout.left restarts the clock, a repeated one too.
C3  A cart with activity but no items ever is `open`; only emptying makes `emptied`, and checkout
    events leave it so. A refill opens it in the same generation, kind (checkout) kept.
C4  Activity on an expired cart opens it again in the same generation. Else: it stays expired.
C5  Emptying an expired cart makes it `emptied`. Else: it stays expired.
C6  The 30 days count from the latest abandonment, by the shop's time; an order or activity at that
    very instant is still in time. A cart made abandoned again by a cancellation counts from its old
    date too, and may expire at once.
C7  A generation ended by an order stays ended when that order is cancelled; a refill begins the
    next one, and nothing else changes the old one but time and other orders. Else: it goes on.

Orders
------
O1  An order told under several event ids is one: instant, total, origin and test of the earliest,
    keys of all.
O2  By name: the token's latest generation if it isn't ended, whatever its state (emptied and
    expired too), else the newest cart of that checkout id. A name that fits no such cart leaves
    the order "by person alone". Two names for two carts: the token wins, the other is closed.
O3  "Her" carts: any key named on the cart (not only by the person behind it) against the order's
    contact, and against the person behind the cart it named. Of those only open and abandoned.
O4  The phone closes like any key: a number named on the cart or ever by its person, equal to the
    order's. Such carts may also be the newest one that is recovered. Else: closed only; or only
    the number's present holder.
O5  Keys a cart gets after the order, before it is next filled, count too (W1).
O6  Newest abandoned: latest abandonment; newest open: latest activity; ties by token.
    An abandoned one comes before a reopened one. A reopened one that is chosen is `recovered`.
O7  A cancellation that happened before its order, or arrives before it, takes effect at the order.
    Refunds add up by distinct refund id in the order's currency; at the total it is whole.
O8  Cancelled: what other carts it had closed becomes abandoned again too, if it had been. A later
    order may recover such a cart again.
O9  `draft` and `renewal` orders never make `test_order`; only `test: true` does, for the cart it
    names as O2 says.

Recoveries
----------
R1  No line for a cart whose kind doesn't fit the trigger, or that `ignore` leaves alone.
R2  A recovery belongs to (token, generation) and to the last activity it was taken up for. A late
    order that splits a generation ends its recovery (`ordered`), and the new generation is taken up
    anew, at its own, possibly past, instant; unless she has been written to about that very
    activity: nobody is reminded of one twice. Else: the plan moves along.
R3  `reopened` only if there is activity later than that; a refold that moves the last activity
    back, or only the reachable instant, lets the plan stand.
R4  A cart ever ended by an order is never taken up again, not even if the order was undone before
    the scenario would have.
R5  Found late: dates count from the nominal taking up; what is overdue is decided on arrival.
R6  A cart that has expired by then is not taken up at all.
R7  The newest recovery of a person is the latest taken up, then the latest left, then the greatest
    token, also when an older abandonment is learnt of later, or when two people turn out to be one
    (the rule holds at every instant). A plan with nothing left in it is nobody's recovery. Else:
    only the moment of taking up supersedes, and the one taken up last wins.
R8  Several reasons to cancel at one instant: ordered or closed, emptied, reopened, expired,
    unsubscribed, superseded.
R9  A step planned (`from: left`) before the taking up is planned at the taking up.
R10 `recent_order` looks at orders by person, by phone, and by the cart they named; a cancelled one
    still counts. The instant order + not_after_order is free again.

R11 A recovery that comes to nothing as a whole (`audience`, `holdout`, `no_branch`,
    `currency_mismatch`) has one line, without branch, step, channel and `to`; it counts as one of
    the token's recoveries. `audience` is decided when the cart is abandoned, the others when it
    is taken up, hold-out first. Else: a line a step; or none.
R12 `ignore` asks whether a plan was ever made: who was turned away once may begin at the next
    abandonment. Else: the first abandonment decides for good.
R13 What comes to nothing supersedes no older plan (R7).

Conditions
----------
B1  Values are the latest told by then: total and items of the last update that held something,
    her profile, her orders. A price that changed later restarts nothing and counts (T5).
B2  What can't be compared is between true and false: `all` with a false is false, `any` with a
    true is true. The first branch that is not false decides.
B3  An unknown value passes `ne` alone; of categories, skus and customer classes `eq` and `in` ask
    for one that fits, `ne` for none. inactive are some of those who are returning.
B4  new, returning, inactive: by orders that count and stand (CAP-9), whoever's number, name or cart
    they carried.
B5  A deal belongs to its cart and stands from the hand-over of the step that names a stage; a
    notice that is skipped `no_email` or `stale` opens it all the same, another reason does not.

B6  A code is in her hand from the message that says it until it ends or an order of hers carries
    it, cancelled or not.

Coupons
-------
K1  Codes go out in the order in which messages do: what ends first before what ends later, that
    before what never ends, else as they stand in the file. One must be good for `valid_for`.
K2  None left: the text goes without one (every preset can).
K3  A step has one code, given with its first message. It stays hers, whatever happens.
K4  `cause` is `coupon` if the order carries a code that a message about this cart had said by then.

Messages
--------
M1  First what skips, in the order of the closed list: no_email (no_phone, no_address), no_consent,
    recent_order, only_if (currency_mismatch), stale, test_order. Then what holds: quiet_hours, then
    cap. So nothing is held that would be skipped.
M2  Late is `now` minus the planned time, whatever the cause, holds included; more than stale_after
    is stale. Else: only pauses and late delivery count.
M3  Overtaken: a later step of the recovery has gone out, or fell due after this one and by now.
    Two that were held until one instant both go (decided, docs/adr/0008); where it was planned
    instants that count, the earlier would be skipped.
    One whose time counts from a notice that is still unsent has none yet, and overtakes nothing.
M4  Held: looked at again the moment the gate that held it opens; each look writes a line.
M5  Both caps count sent steps of the person, by the strongest key she had then. Exactly the least
    time apart is enough; a step sent exactly 30 days ago counts no more; over either cap is held.
    A step began with its first message: the second one asks no cap any more. Notices are none.
M6  `--consent-policy any` and `legal_basis: any` ask for no consent, but a refusal still stands
    (`no_consent`), and still cancels (`unsubscribed`).
M7  A carried "denied" is a refusal as well, but cancels nothing: it skips when due. "unknown"
    changes nothing. A late consent.changed that is already outdated cancels nothing.
M8  Consent and profile are heard from events that name an e-mail, customer id or (for a phone-only
    person) phone; what an event without any key carries is nobody's.
M9  Recipient's zone: time zone if it exists, address country, phone region, shop. Countries have
    one zone here; an unknown country or prefix leads on.
M10 Lines at one instant are sorted by cart, step id (as text), channel, then recovery.
M11 carts.jsonl is sorted by cart and generation. `closed` after a cancelled order that had ended a
    cart never abandoned stays `closed`, with the order's id.
M12 Notices need no consent and no address, and have no quiet hours but given ones; `recent_order`,
    `stale` and `test_order` skip them like all else. One that is skipped moves nothing: what would
    have counted from its hand-over keeps its time.
M13 `agent_first` comes before all else: what waits for a notice isn't due yet.
"""
