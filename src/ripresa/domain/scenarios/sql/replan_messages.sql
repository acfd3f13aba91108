-- Plan messages anew, as another version of their scenario wants them; what held them is looked at again.
UPDATE message AS m
   SET step_number = x.step_number, template = x.template, planned_for = x.planned_for, due_at = x.planned_for,
       reason = NULL
  FROM unnest(%(ids)s::uuid[], %(step_numbers)s::smallint[], %(templates)s::text[], %(planned_fors)s::timestamptz[])
       AS x (id, step_number, template, planned_for)
 WHERE m.shop_id = %(shop_id)s AND m.id = x.id AND m.due_at IS NOT NULL;
