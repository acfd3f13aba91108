-- People who lost their last key in a merge.
DELETE FROM contact AS c
 WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(ids)s)
   AND NOT EXISTS (SELECT 1 FROM contact_key AS k WHERE k.shop_id = c.shop_id AND k.contact_id = c.id);
