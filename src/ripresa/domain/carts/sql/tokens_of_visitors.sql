-- The carts begun in these browsers: who was known there tells whose they are, or since when she can be reached.
SELECT token FROM cart WHERE shop_id = %(shop_id)s AND visitor_id = ANY(%(visitors)s);
