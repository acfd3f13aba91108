-- The orders that carry one of these keys, with all their keys and people.
SELECT o.id, o.source, o.external_id, o.placed_at, o.origin, o.is_test, o.cancelled_at, o.total_minor, o.refunded_minor,
       array_agg(k.key), array_agg(c.contact_id) FILTER (WHERE c.contact_id IS NOT NULL)
  FROM shop_order AS o
  JOIN order_key AS k ON k.shop_id = o.shop_id AND k.order_id = o.id
  LEFT JOIN contact_key AS c ON c.shop_id = k.shop_id AND c.key = k.key AND k.key NOT LIKE 'phone:%%'
 WHERE o.shop_id = %(shop_id)s AND o.placed_at IS NOT NULL
   AND o.id IN (SELECT order_id FROM order_key WHERE shop_id = %(shop_id)s AND key = ANY(%(keys)s))
 GROUP BY o.shop_id, o.id;
