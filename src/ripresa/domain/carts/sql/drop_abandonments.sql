-- A late event showed that these carts were not abandoned at other instants than those given.
DELETE FROM abandonment AS a
 WHERE a.shop_id = %(shop_id)s AND a.cart_id = ANY(%(cart_ids)s)
   AND (a.cart_id, a.abandoned_at) NOT IN (
       SELECT * FROM unnest(%(kept_ids)s::uuid[], %(kept)s::timestamptz[]))
RETURNING a.abandoned_at;
