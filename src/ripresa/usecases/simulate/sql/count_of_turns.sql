-- What changes when something is decided or a cart is found abandoned, whichever way it changes.
SELECT (SELECT count(*) FROM decision WHERE shop_id = %(shop_id)s),
       (SELECT count(*) FROM abandonment WHERE shop_id = %(shop_id)s),
       (SELECT sum(extract(epoch FROM abandoned_at)) FROM abandonment WHERE shop_id = %(shop_id)s);
