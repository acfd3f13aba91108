-- For carts that were bought: the latest restore link that a person followed before her order.
SELECT DISTINCT ON (c.id) c.id, m.id
  FROM cart AS c
  JOIN message AS m ON m.shop_id = c.shop_id AND m.cart_id = c.id
  JOIN message_link AS l ON l.shop_id = m.shop_id AND l.message_id = m.id
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s)
   AND l.purpose = 'restore' AND l.used_at <= c.ended_at
 ORDER BY c.id, l.used_at DESC, m.id;
