-- The recoveries in which some people are already, with what is still planned in each. OFFSET 0: see due_messages.sql.
SELECT r.id, r.scenario_id, r.contact_id, r.abandoned_at, c.token, m.id
  FROM recovery AS r
 CROSS JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = r.cart_id OFFSET 0) AS c
  LEFT JOIN LATERAL (SELECT * FROM message
                      WHERE shop_id = %(shop_id)s AND origin_kind = 'recovery' AND origin_id = r.id
                        AND due_at IS NOT NULL OFFSET 0) AS m ON true
 WHERE r.shop_id = %(shop_id)s AND r.state = 'active' AND r.contact_id = ANY(%(contact_ids)s)
   AND r.scenario_id = ANY(%(scenario_ids)s)
 ORDER BY r.id, m.step_number, m.channel;
