-- The time until an abandoned cart expires has changed (CAP-5).
UPDATE cart SET due_at = abandoned_at + %(after)s::interval
 WHERE shop_id = %(shop_id)s AND state = 'abandoned' AND due_at IS NOT NULL
   AND due_at <> abandoned_at + %(after)s::interval;
