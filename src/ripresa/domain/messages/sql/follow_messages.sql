-- After a merge or split: a message belongs to whoever its cart belongs to. Says what has moved, for those that follow it.
UPDATE message AS m SET contact_id = c.contact_id
  FROM cart AS c
 WHERE m.shop_id = %(shop_id)s AND m.contact_id = ANY(%(ids)s)
   AND c.shop_id = m.shop_id AND c.id = m.cart_id AND c.contact_id IS NOT NULL AND c.contact_id <> m.contact_id
RETURNING m.origin_kind, m.origin_id, m.contact_id;
