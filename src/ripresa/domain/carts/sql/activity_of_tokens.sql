SELECT source, token, occurred_at, event_id, kind, payload
  FROM cart_activity
 WHERE shop_id = %(shop_id)s
   AND (source, token) IN (SELECT * FROM unnest(%(sources)s::text[], %(tokens)s::text[]));
