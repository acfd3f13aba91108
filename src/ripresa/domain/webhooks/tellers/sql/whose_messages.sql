-- Of which cart and to whom messages are.
SELECT id, cart_id, contact_id FROM message WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
