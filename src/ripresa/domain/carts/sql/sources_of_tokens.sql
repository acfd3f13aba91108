SELECT DISTINCT source, token FROM cart WHERE shop_id = %(shop_id)s AND token = ANY(%(tokens)s);
