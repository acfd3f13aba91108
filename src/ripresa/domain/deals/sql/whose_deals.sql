-- Of which cart and person deals are.
SELECT id, cart_id, contact_id FROM deal WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
