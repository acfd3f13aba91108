SELECT key FROM contact_key WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(ids)s);
