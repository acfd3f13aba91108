-- The shop's abandonment time has changed: when open carts will be abandoned (CAP-3, as `CartFold.abandonment_due`).
-- What is not due at all (nothing in it, nobody reachable) stays so.
UPDATE cart SET due_at = greatest(left_at + %(after)s::interval, reachable_at)
 WHERE shop_id = %(shop_id)s AND state = 'open' AND due_at IS NOT NULL
   AND due_at <> greatest(left_at + %(after)s::interval, reachable_at);
