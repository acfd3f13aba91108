-- A part of other statements: what each of the `chosen` orders is worth, between which instants touchpoints count, and
-- since when her cart lay there. An order that does not count (CAP-7, CAP-9) is among them, so that its credit goes.
SELECT o.id AS order_id, o.contact_id, o.external_id, greatest(o.total_minor - o.refunded_minor, 0) AS minor,
       e.ends - %(window)s::interval AS begins, e.ends, c.abandoned_at,
       -- Since when an agent's contact counts, and takes the credit from e-mails; not known when she left: in the window.
       coalesce(c.abandoned_at, e.ends - %(window)s::interval) AS left_at, o.discount_codes,
       o.cancelled_at IS NULL AND NOT o.is_test AND o.currency IS NOT NULL
           AND o.origin NOT IN ('draft', 'renewal', 'staff')
           AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor) AS counts
  FROM chosen AS o
  LEFT JOIN LATERAL (
       -- The deal may have moved to Confirmed before the shop had the order.
       SELECT min(d.closed_at) AS closed_at, min(a.abandoned_at) AS abandoned_at
         FROM cart AS c
         LEFT JOIN deal AS d ON d.shop_id = c.shop_id AND d.cart_id = c.id AND d.outcome = 'won'
         LEFT JOIN abandonment AS a ON a.shop_id = c.shop_id AND a.cart_id = c.id AND a.abandoned_at <= o.placed_at
        WHERE c.shop_id = o.shop_id AND c.contact_id = o.contact_id AND c.order_id = o.id) AS c ON true
 CROSS JOIN LATERAL (SELECT least(o.placed_at, c.closed_at) AS ends) AS e
