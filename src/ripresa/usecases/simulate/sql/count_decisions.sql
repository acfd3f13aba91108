SELECT count(*) FROM decision WHERE shop_id = %(shop_id)s;
