-- Carts whose person is known by their browser alone, or not at all, on these browsers.
SELECT token FROM cart
 WHERE shop_id = %(shop_id)s AND known_by IN ('nobody', 'visitor') AND visitor_id = ANY(%(visitors)s);
