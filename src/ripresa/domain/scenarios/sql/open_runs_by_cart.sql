-- Those of a scenario's recoveries for some carts that are still under way, with what decides when they are taken up.
SELECT r.id, r.version_id, r.state, r.branch, r.cart_id, r.contact_id, r.left_at, r.abandoned_at, r.taken_up_at,
       r.due_at, c.reachable_at
  FROM recovery AS r
 CROSS JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = r.cart_id OFFSET 0) AS c
 WHERE r.shop_id = %(shop_id)s AND r.scenario_id = %(scenario_id)s AND r.state IN ('waiting', 'active')
   AND r.cart_id = ANY(%(cart_ids)s)
 ORDER BY r.id;
