-- After a merge or split: orders follow the key they came with.
UPDATE shop_order AS o SET contact_id = k.contact_id
  FROM contact_key AS k
 WHERE o.shop_id = %(shop_id)s AND o.contact_id = ANY(%(ids)s)
   AND k.shop_id = o.shop_id AND k.key = o.person_key AND k.contact_id <> o.contact_id;
