-- What there is to see of the latest deal of some carts: whether it changed is asked once more at departure.
SELECT DISTINCT ON (d.cart_id) d.cart_id,
       md5(ROW (d.id, d.stage_id, d.contacted_at, d.replied_at, d.snoozed_until, d.taken_over_by, d.closed_at)::text)
  FROM deal AS d
 WHERE d.shop_id = %(shop_id)s AND d.cart_id = ANY(%(cart_ids)s::uuid[])
 ORDER BY d.cart_id, d.opened_at DESC, d.id DESC;
