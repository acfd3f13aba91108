DELETE FROM report_stale WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s::uuid[]);
