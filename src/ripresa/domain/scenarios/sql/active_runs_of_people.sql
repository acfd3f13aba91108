-- The recoveries in which some people are already, with what is still planned in each.
SELECT r.id, r.scenario_id, r.contact_id, r.abandoned_at, c.token, m.id
  FROM recovery AS r
  JOIN cart AS c ON c.shop_id = r.shop_id AND c.id = r.cart_id
  LEFT JOIN message AS m
    ON m.shop_id = r.shop_id AND m.origin_kind = 'recovery' AND m.origin_id = r.id AND m.state = 'planned'
 WHERE r.shop_id = %(shop_id)s AND r.state = 'active' AND r.contact_id = ANY(%(contact_ids)s)
   AND r.scenario_id = ANY(%(scenario_ids)s)
 ORDER BY r.id, m.step_number, m.channel;
