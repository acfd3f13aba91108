SELECT DISTINCT contact_id FROM message WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s::uuid[]);
