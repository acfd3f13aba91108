-- After a merge or split: a recovery belongs to whoever its cart belongs to.
UPDATE recovery AS r SET contact_id = c.contact_id
  FROM cart AS c
 WHERE r.shop_id = %(shop_id)s AND r.contact_id = ANY(%(ids)s)
   AND c.shop_id = r.shop_id AND c.id = r.cart_id AND c.contact_id IS NOT NULL AND c.contact_id <> r.contact_id;
