-- Which shops have something to fold: one index probe a shop that has, none for those that have not.
WITH RECURSIVE shops AS (
    (SELECT shop_id FROM inbox WHERE folded_at IS NULL ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT i.shop_id FROM inbox AS i
             WHERE i.folded_at IS NULL AND i.shop_id > shops.shop_id
             ORDER BY i.shop_id LIMIT 1)
      FROM shops WHERE shops.shop_id IS NOT NULL
)
SELECT shop_id FROM shops WHERE shop_id IS NOT NULL;
