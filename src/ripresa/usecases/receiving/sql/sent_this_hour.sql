SELECT split_part(m.to_address, '@', 2), count(*)::int
  FROM message AS m
 WHERE m.shop_id = %(shop_id)s AND m.channel = 'email' AND m.handed_over_at >= %(since)s
   AND split_part(m.to_address, '@', 2) = ANY(%(domains)s::text[])
 GROUP BY 1;
