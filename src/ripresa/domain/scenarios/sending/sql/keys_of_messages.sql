-- By what a shop may know the people of some messages and their carts: keys as everywhere (contracts/keys.py).
SELECT DISTINCT k.key
  FROM unnest(%(ids)s::uuid[]) AS i (id)
 CROSS JOIN LATERAL (SELECT * FROM message WHERE shop_id = %(shop_id)s AND id = i.id OFFSET 0) AS m
  LEFT JOIN LATERAL (SELECT * FROM cart WHERE shop_id = %(shop_id)s AND id = m.cart_id OFFSET 0) AS c ON true
  LEFT JOIN LATERAL (SELECT * FROM contact WHERE shop_id = %(shop_id)s AND id = m.contact_id OFFSET 0) AS p ON true
 CROSS JOIN LATERAL (SELECT unnest(ARRAY['email:' || p.email, 'phone:' || p.phone, 'token:' || c.token,
                                         'checkout:' || c.checkout_id]) AS key
                      UNION
                     SELECT y.key FROM contact_key AS y
                      WHERE y.shop_id = %(shop_id)s AND y.contact_id = m.contact_id) AS k
 WHERE k.key IS NOT NULL;
