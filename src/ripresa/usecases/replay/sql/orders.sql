-- Every order of some people, with the cart it named; the money given back comes as one refund, at its last instant.
SELECT o.source, o.external_id, o.contact_id, o.currency, o.total_minor, o.discount_codes, o.origin, o.is_test,
       o.placed_at, o.cancelled_at, o.refunded_minor,
       (SELECT max(r.occurred_at) FROM refund AS r
         WHERE r.shop_id = o.shop_id AND r.source = o.source AND r.order_external_id = o.external_id),
       (SELECT min(substr(k.key, 7)) FROM order_key AS k
         WHERE k.shop_id = o.shop_id AND k.order_id = o.id AND starts_with(k.key, 'token:')),
       (SELECT min(substr(k.key, 10)) FROM order_key AS k
         WHERE k.shop_id = o.shop_id AND k.order_id = o.id AND starts_with(k.key, 'checkout:'))
  FROM shop_order AS o
 WHERE o.shop_id = %(shop_id)s AND o.contact_id = ANY(%(contact_ids)s) AND o.placed_at IS NOT NULL
 ORDER BY o.placed_at, o.external_id;
