-- The senders behind some addresses.
SELECT email, id, paused_at IS NOT NULL FROM sender WHERE shop_id = %(shop_id)s AND email = ANY(%(emails)s);
