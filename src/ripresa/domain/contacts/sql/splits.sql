SELECT keys FROM contact_split WHERE shop_id = %(shop_id)s AND keys && %(keys)s::text[];
