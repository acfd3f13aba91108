-- What conditions may ask of some carts and their people at this moment; orders that stand, up to an instant each.
-- OFFSET 0: see due_recoveries.sql.
SELECT x.key, c.currency, c.total_minor, c.item_count, c.items::text, c.source, c.device,
       p.address ->> 'country', p.phone, p.locale, p.consent_email, p.consent_sms,
       (SELECT s.country FROM shop AS s WHERE s.id = %(shop_id)s),
       (SELECT max(o.placed_at) FROM shop_order AS o
         WHERE o.shop_id = %(shop_id)s AND o.contact_id = x.contact_id AND o.placed_at <= x.at
           AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
           AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor))
  FROM unnest(%(keys)s::uuid[], %(cart_ids)s::uuid[], %(contact_ids)s::uuid[], %(ats)s::timestamptz[])
       AS x (key, cart_id, contact_id, at)
 CROSS JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = x.cart_id OFFSET 0) AS c
 CROSS JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = x.contact_id OFFSET 0) AS p;
