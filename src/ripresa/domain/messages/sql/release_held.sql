-- A hold was lifted: what it held is due again. What another hold still keeps is held again at once.
UPDATE message SET due_at = %(now)s
 WHERE shop_id = %(shop_id)s AND state = 'planned' AND reason = ANY(%(reasons)s) AND due_at > %(now)s;
