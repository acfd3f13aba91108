-- After a merge or split: carts follow the key they came with.
UPDATE cart AS c SET contact_id = k.contact_id
  FROM contact_key AS k
 WHERE c.shop_id = %(shop_id)s AND c.contact_id = ANY(%(ids)s)
   AND k.shop_id = c.shop_id AND k.key = c.person_key AND k.contact_id <> c.contact_id;
