-- The recoveries under way for some carts, each with a message that is still planned, or without one.
SELECT r.id, r.cart_id, m.id
  FROM recovery AS r
  LEFT JOIN message AS m
    ON m.shop_id = r.shop_id AND m.origin_kind = 'recovery' AND m.origin_id = r.id AND m.state = 'planned'
 WHERE r.shop_id = %(shop_id)s AND r.cart_id = ANY(%(cart_ids)s) AND r.state IN ('waiting', 'active')
 ORDER BY r.id, m.step_number, m.channel;
