-- Carts as they are told: no link that restores one.
SELECT id, json_build_object('id', id, 'source', source, 'token', token, 'checkout_id', checkout_id, 'cause', cause)::text
  FROM cart WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s);
