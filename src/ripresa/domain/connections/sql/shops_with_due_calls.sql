-- Which shops have calls to read: one index probe a shop that has, none for those that have not.
WITH RECURSIVE shops AS (
    (SELECT shop_id FROM connection_call WHERE due_at IS NOT NULL ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT c.shop_id FROM connection_call AS c
             WHERE c.due_at IS NOT NULL AND c.shop_id > shops.shop_id
             ORDER BY c.shop_id LIMIT 1)
      FROM shops WHERE shops.shop_id IS NOT NULL
)
SELECT shop_id
  FROM shops
 WHERE EXISTS (SELECT 1 FROM connection_call AS c WHERE c.shop_id = shops.shop_id AND c.due_at <= %(now)s);
