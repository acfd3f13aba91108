-- Carts by the hour in which they were begun: what shoppers did, so without crawlers, probes, tests and files.
SELECT date_trunc('hour', c.begun_at, 'UTC'), count(*)
  FROM cart AS c
 WHERE c.shop_id = %(shop_id)s AND c.left_at >= %(since)s AND c.begun_at >= %(since)s AND c.begun_at < %(until)s
   AND NOT c.is_bot AND NOT c.is_test AND c.newest_event NOT LIKE 'file:%%'
 GROUP BY 1;
