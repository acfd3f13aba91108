-- Which shops have opens or clicks that nobody has judged: one index probe a shop that has, none for the others.
WITH RECURSIVE shops AS (
    (SELECT shop_id FROM message_feedback
      WHERE verdict IS NULL AND kind IN ('opened', 'clicked') AND message_id IS NOT NULL
      ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT f.shop_id FROM message_feedback AS f
             WHERE f.verdict IS NULL AND f.kind IN ('opened', 'clicked') AND f.message_id IS NOT NULL
               AND f.shop_id > shops.shop_id
             ORDER BY f.shop_id LIMIT 1)
      FROM shops WHERE shops.shop_id IS NOT NULL
)
SELECT shop_id FROM shops WHERE shop_id IS NOT NULL;
