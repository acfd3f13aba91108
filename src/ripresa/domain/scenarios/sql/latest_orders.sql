-- When the people behind some abandonments last bought before: their latest order that stands.
SELECT x.cart_id, latest.placed_at
  FROM unnest(%(cart_ids)s::uuid[], %(contact_ids)s::uuid[], %(abandoned_ats)s::timestamptz[])
       AS x (cart_id, contact_id, abandoned_at)
 CROSS JOIN LATERAL (SELECT max(o.placed_at) AS placed_at FROM shop_order AS o
                      WHERE o.shop_id = %(shop_id)s AND o.contact_id = x.contact_id AND o.placed_at <= x.abandoned_at
                        AND o.cancelled_at IS NULL AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
                        AND NOT (o.refunded_minor > 0 AND o.refunded_minor >= o.total_minor)) AS latest
 WHERE latest.placed_at IS NOT NULL;
