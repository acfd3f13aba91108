-- The next recoveries of a scenario that are under way, by their carts.
SELECT r.cart_id, r.contact_id
  FROM recovery AS r
 WHERE r.shop_id = %(shop_id)s AND r.scenario_id = %(scenario_id)s AND r.state IN ('waiting', 'active')
   AND r.cart_id > %(after)s
 ORDER BY r.cart_id
 LIMIT %(limit)s;
