-- Why these carts came back (CAP-5).
UPDATE cart AS c SET cause = row.cause, cause_message_id = row.message_id
  FROM unnest(%(cart_ids)s::uuid[], %(causes)s::text[], %(message_ids)s::uuid[])
       AS row (cart_id, cause, message_id)
 WHERE c.shop_id = %(shop_id)s AND c.id = row.cart_id AND c.state = 'recovered';
