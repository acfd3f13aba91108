-- Carts that are abandoned already and that a scenario has no run for, a page at a time; whether another scenario
-- has them at work, and whether anybody would be written to about them.
SELECT c.id, c.contact_id, c.left_at, c.abandoned_at, c.reachable_at,
       EXISTS (SELECT 1 FROM recovery AS o
                WHERE o.shop_id = c.shop_id AND o.cart_id = c.id AND o.state IN ('waiting', 'active')),
       NOT c.is_bot AND NOT c.is_test
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.state = 'abandoned' AND c.contact_id IS NOT NULL AND c.id > %(after)s
   AND c.kind = ANY(%(kinds)s)
   AND NOT EXISTS (SELECT 1 FROM recovery AS r
                    WHERE r.shop_id = c.shop_id AND r.cart_id = c.id AND r.scenario_id = %(scenario_id)s
                      AND r.left_at >= c.left_at)
 ORDER BY c.id
 LIMIT %(limit)s;
