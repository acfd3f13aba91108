-- A notice has left: what counts from it is planned anew. What was held until then is free.
UPDATE message AS m
   SET planned_for = n.planned_for, due_at = n.planned_for, reason = NULL
  FROM unnest(%(origin_ids)s::uuid[], %(step_numbers)s::smallint[], %(planned_fors)s::timestamptz[])
       AS n (origin_id, step_number, planned_for)
 WHERE m.shop_id = %(shop_id)s AND m.origin_kind = 'recovery' AND m.origin_id = n.origin_id
   AND m.step_number = n.step_number AND m.due_at IS NOT NULL;
