-- What is in some carts is worth.
SELECT c.id, c.total_minor, c.currency FROM cart AS c WHERE c.shop_id = %(shop_id)s AND c.id = ANY(%(cart_ids)s::uuid[]);
