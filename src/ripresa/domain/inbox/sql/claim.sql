-- The oldest events of a shop that are not folded yet. One fold a shop at a time, so no row needs a lock.
SELECT id, source, external_id, trusted, received_at, payload
  FROM inbox
 WHERE shop_id = %(shop_id)s AND folded_at IS NULL
 ORDER BY id
 LIMIT %(limit)s;
