UPDATE stage AS s SET position = row.position
  FROM unnest(%(keys)s::text[], %(positions)s::int[]) AS row (key, position)
 WHERE s.shop_id = %(shop_id)s AND s.key = row.key;
