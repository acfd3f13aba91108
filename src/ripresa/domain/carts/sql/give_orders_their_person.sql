-- An order that named nobody belongs to whoever held the cart it names.
UPDATE shop_order AS o
   SET contact_id = c.contact_id
  FROM cart AS c
 WHERE o.shop_id = %(shop_id)s AND o.person_key IS NULL AND c.shop_id = o.shop_id AND c.order_id = o.id
   AND c.id = ANY(%(cart_ids)s) AND c.contact_id IS NOT NULL
   AND o.contact_id IS DISTINCT FROM c.contact_id;
