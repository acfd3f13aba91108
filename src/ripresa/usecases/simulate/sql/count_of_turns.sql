SELECT (SELECT count(*) FROM decision WHERE shop_id = %(shop_id)s)
     + (SELECT count(*) FROM abandonment WHERE shop_id = %(shop_id)s);
