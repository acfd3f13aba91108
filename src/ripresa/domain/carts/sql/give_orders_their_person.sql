-- An order that named nobody belongs to whoever held the cart it ended: the one it names, before those it closed.
UPDATE shop_order AS o
   SET contact_id = (SELECT c.contact_id FROM cart AS c
                      WHERE c.shop_id = o.shop_id AND c.order_id = o.id AND c.id = ANY(%(cart_ids)s)
                      ORDER BY EXISTS (SELECT 1 FROM order_key AS k
                                        WHERE k.shop_id = o.shop_id AND k.order_id = o.id
                                          AND k.key IN ('token:' || c.token, 'checkout:' || c.checkout_id)) DESC,
                               c.state = 'closed', c.token, c.generation
                      LIMIT 1)
 WHERE o.shop_id = %(shop_id)s AND o.person_key IS NULL AND o.id = ANY(%(order_ids)s);
