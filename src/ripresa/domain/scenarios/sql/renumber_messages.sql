-- The numbers that steps have in another version, for messages that are decided already.
UPDATE message AS m SET step_number = x.step_number
  FROM unnest(%(ids)s::uuid[], %(step_numbers)s::smallint[]) AS x (id, step_number)
 WHERE m.shop_id = %(shop_id)s AND m.id = x.id AND m.due_at IS NULL;
