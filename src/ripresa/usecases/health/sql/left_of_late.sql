-- Messages that left of late, by shop and channel: taken over, or maybe lost.
SELECT s.slug, m.channel, m.state, count(*)
  FROM shop AS s
  JOIN message AS m ON m.shop_id = s.id AND m.handed_over_at >= %(since)s AND m.state IN ('sent', 'unknown')
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3;
