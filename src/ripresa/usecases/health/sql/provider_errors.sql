-- What providers refused, or may have lost, since an instant.
SELECT m.channel, m.state, m.reason, count(*), max(m.settled_at)
  FROM message AS m
 WHERE m.shop_id = %(shop_id)s AND m.settled_at >= %(since)s AND m.state IN ('failed', 'unknown')
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3;
