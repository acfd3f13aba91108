-- After a merge or split: a deal belongs to whoever its cart belongs to.
UPDATE deal AS d SET contact_id = c.contact_id
  FROM cart AS c
 WHERE d.shop_id = %(shop_id)s AND d.contact_id = ANY(%(ids)s)
   AND c.shop_id = d.shop_id AND c.id = d.cart_id AND c.contact_id IS NOT NULL AND c.contact_id <> d.contact_id;
