-- Every shop with due carts, one index probe a shop: idle carts cost nothing, however many there are.
WITH RECURSIVE shops AS (
    (SELECT shop_id FROM cart WHERE due_at IS NOT NULL ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.shop_id FROM cart AS t
             WHERE t.due_at IS NOT NULL AND t.shop_id > shops.shop_id
             ORDER BY t.shop_id LIMIT 1)
      FROM shops WHERE shops.shop_id IS NOT NULL
)
SELECT s.shop_id FROM shops AS s
 WHERE s.shop_id IS NOT NULL
   AND (SELECT min(t.due_at) FROM cart AS t WHERE t.shop_id = s.shop_id AND t.due_at IS NOT NULL) <= %(now)s
 ORDER BY s.shop_id;
