-- How many carts, and people behind them, a scenario would reach if it took up what is abandoned already.
SELECT count(*), count(DISTINCT c.contact_id)
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.state = 'abandoned' AND c.contact_id IS NOT NULL AND c.kind = ANY(%(kinds)s)
   AND NOT c.is_bot AND NOT c.is_test
   AND NOT EXISTS (SELECT 1 FROM recovery AS r
                    WHERE r.shop_id = c.shop_id AND r.cart_id = c.id
                      AND (r.scenario_id = %(scenario_id)s AND r.left_at = c.left_at
                           OR r.state IN ('waiting', 'active')));
