-- Every shop with due recoveries, one index probe a shop: for the time after an outage, when the oldest are not all.
WITH RECURSIVE shops AS (
    (SELECT shop_id FROM recovery WHERE state = 'waiting' ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.shop_id FROM recovery AS t
             WHERE t.state = 'waiting' AND t.shop_id > shops.shop_id
             ORDER BY t.shop_id LIMIT 1)
      FROM shops WHERE shops.shop_id IS NOT NULL
)
SELECT s.shop_id FROM shops AS s
 WHERE s.shop_id IS NOT NULL
   AND (SELECT min(t.due_at) FROM recovery AS t WHERE t.shop_id = s.shop_id AND t.state = 'waiting') <= %(now)s
 ORDER BY s.shop_id;
