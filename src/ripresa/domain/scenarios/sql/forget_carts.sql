-- Carts that late events showed never to have been. Those somebody was written to about, or worked on, stay, closed.
WITH forgotten AS (
    SELECT c.id FROM cart AS c
     WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(ids)s)
       AND NOT EXISTS (SELECT 1 FROM recovery AS r WHERE r.shop_id = c.shop_id AND r.cart_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.shop_id = c.shop_id AND m.cart_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM deal AS d WHERE d.shop_id = c.shop_id AND d.cart_id = c.id)
), abandonments AS (
    DELETE FROM abandonment AS a
     WHERE a.shop_id = %(shop_id)s AND a.cart_id IN (SELECT id FROM forgotten)
)
DELETE FROM cart AS c WHERE c.shop_id = %(shop_id)s AND c.id IN (SELECT id FROM forgotten);
