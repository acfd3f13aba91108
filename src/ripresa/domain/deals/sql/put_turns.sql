UPDATE assignment_rule AS r SET turn = row.turn
  FROM unnest(%(ids)s::uuid[], %(turns)s::bigint[]) AS row (id, turn)
 WHERE r.shop_id = %(shop_id)s AND r.id = row.id;
