-- End recoveries under way. Those that still waited end silently: nothing was planned for them.
UPDATE recovery AS r
   SET state = 'cancelled', reason = e.reason, due_at = NULL, ended_at = %(now)s
  FROM unnest(%(ids)s::uuid[], %(reasons)s::text[]) AS e (id, reason)
 WHERE r.shop_id = %(shop_id)s AND r.id = e.id AND r.ended_at IS NULL
RETURNING r.id;
