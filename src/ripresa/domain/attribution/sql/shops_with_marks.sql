-- Shops whose figures lag behind, by one look-up for each: however many marks there are, the next shop is one step.
WITH RECURSIVE marked AS (
    (SELECT shop_id FROM report_stale ORDER BY shop_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.shop_id FROM report_stale AS s WHERE s.shop_id > m.shop_id ORDER BY s.shop_id LIMIT 1)
      FROM marked AS m WHERE m.shop_id IS NOT NULL
)
SELECT m.shop_id
  FROM marked AS m
  LEFT JOIN report_settings AS r ON r.shop_id = m.shop_id
 WHERE m.shop_id IS NOT NULL AND (r.next_at IS NULL OR r.next_at <= %(now)s);
