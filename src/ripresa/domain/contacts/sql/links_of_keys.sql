SELECT left_key, right_key FROM contact_link WHERE shop_id = %(shop_id)s AND left_key = ANY(%(keys)s)
UNION
SELECT left_key, right_key FROM contact_link WHERE shop_id = %(shop_id)s AND right_key = ANY(%(keys)s);
