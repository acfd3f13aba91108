-- The due recoveries of people whose lock we hold, with what their carts and scenarios are by now. OFFSET 0 makes every
-- row a look-up by its key: tables that were just filled have no statistics to tell better by.
SELECT r.id, r.scenario_id, r.version_id, r.cart_id, r.contact_id, r.left_at, r.abandoned_at, r.due_at,
       c.token, c.state, c.left_at, c.is_bot, c.user_agent, s.state
  FROM recovery AS r
 CROSS JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = r.cart_id OFFSET 0) AS c
  JOIN scenario AS s ON s.shop_id = %(shop_id)s AND s.id = r.scenario_id
 WHERE r.shop_id = %(shop_id)s AND r.state = 'waiting' AND r.due_at <= %(now)s
   AND r.contact_id = ANY(%(contact_ids)s)
 ORDER BY r.due_at, c.token, r.id;
