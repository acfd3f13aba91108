-- What happened to the tokens of some carts.
SELECT a.source, a.token, a.occurred_at, a.event_id, a.kind, a.payload
  FROM cart_activity AS a
 WHERE a.shop_id = %(shop_id)s
   AND (a.source, a.token) IN (SELECT c.source, c.token FROM cart AS c
                                WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s))
 ORDER BY a.occurred_at, a.event_id;
