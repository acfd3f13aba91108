-- Orders of some people, or of some days, that touchpoints may earn: until when touchpoints count, and since when her
-- cart lay there. An order that does not count (CAP-7, CAP-9) is among them, worth nothing, so that its credit goes.
SELECT o.id, o.contact_id, o.external_id, o.total_minor - o.refunded_minor,
       least(o.placed_at, won.closed_at), b.abandoned_at,
       o.cancelled_at IS NULL AND NOT o.is_test AND o.currency IS NOT NULL
           AND o.origin NOT IN ('draft', 'renewal', 'staff')
           AND NOT (o.total_minor > 0 AND o.refunded_minor >= o.total_minor)
  FROM (SELECT o.* FROM shop_order AS o
         WHERE o.shop_id = %(shop_id)s AND o.contact_id = ANY(%(contact_ids)s::uuid[]) AND o.placed_at IS NOT NULL
         UNION
        SELECT o.* FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (begins, ends)
          JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.placed_at >= s.begins AND o.placed_at < s.ends) AS o
  LEFT JOIN LATERAL (
       -- The deal may have moved to Confirmed before the shop had the order.
       SELECT min(d.closed_at) AS closed_at
         FROM cart AS c JOIN deal AS d ON d.shop_id = c.shop_id AND d.cart_id = c.id
        WHERE c.shop_id = o.shop_id AND c.contact_id = o.contact_id AND c.order_id = o.id AND d.outcome = 'won') AS won ON true
  LEFT JOIN LATERAL (
       SELECT min(a.abandoned_at) AS abandoned_at
         FROM cart AS c JOIN abandonment AS a ON a.shop_id = c.shop_id AND a.cart_id = c.id
        WHERE c.shop_id = o.shop_id AND c.contact_id = o.contact_id AND c.order_id = o.id
          AND a.abandoned_at <= o.placed_at) AS b ON true
 ORDER BY o.id;
