-- What people did with the latest deal of each of these carts. A closed one is in nobody's hand any more.
SELECT DISTINCT ON (d.cart_id) d.cart_id,
       CASE WHEN d.closed_at IS NULL THEN d.taken_over_by END,
       CASE WHEN d.closed_at IS NULL AND d.snoozed_until > %(now)s THEN d.snoozed_until END,
       d.contacted_at, d.replied_at
  FROM deal AS d
 WHERE d.shop_id = %(shop_id)s AND d.cart_id = ANY(%(cart_ids)s::uuid[])
 ORDER BY d.cart_id, d.opened_at DESC, d.id DESC;
