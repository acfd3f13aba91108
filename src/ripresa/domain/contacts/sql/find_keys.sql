SELECT key, contact_id, facts::text, reachable_at
  FROM contact_key
 WHERE shop_id = %(shop_id)s AND key = ANY(%(keys)s);
