-- The recoveries under way for some carts, each with a message that is still planned, or without one. OFFSET 0: see
-- due_messages.sql.
SELECT r.id, r.cart_id, m.id
  FROM unnest(%(cart_ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM recovery WHERE shop_id = %(shop_id)s AND cart_id = x.id OFFSET 0) AS r
  LEFT JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND origin_kind = 'recovery' AND origin_id = r.id
                        AND due_at IS NOT NULL OFFSET 0) AS m ON true
 WHERE r.state IN ('waiting', 'active')
 ORDER BY r.id, m.step_number, m.channel;
