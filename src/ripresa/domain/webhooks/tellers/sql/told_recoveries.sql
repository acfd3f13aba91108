-- Recoveries as they are told.
SELECT id, cart_id, contact_id, state, reason
  FROM recovery
 WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s)
 ORDER BY id;
