-- People as they are known now; who was erased is an id.
SELECT id, json_build_object('id', id, 'email', email, 'phone', phone, 'customer_id', customer_id, 'language', locale)::text
  FROM contact WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
