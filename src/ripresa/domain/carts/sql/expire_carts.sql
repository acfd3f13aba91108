-- Abandoned carts expire at the instant that was due (CAP-5).
UPDATE cart AS c SET state = 'expired', ended_at = c.due_at, due_at = NULL
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(ids)s) AND c.state = 'abandoned';
