-- The next instant at which time alone makes something happen, by the kinds of usecases/due_shops.py. A lease is over once
-- its end lies behind.
SELECT 'carts', min(due_at) FROM cart WHERE shop_id = %(shop_id)s AND due_at IS NOT NULL
UNION ALL
SELECT 'recoveries', min(due_at) FROM recovery WHERE shop_id = %(shop_id)s AND state = 'waiting'
UNION ALL
SELECT 'messages', min(due_at) FROM message WHERE shop_id = %(shop_id)s AND state = 'planned'
UNION ALL
SELECT 'leases', min(lease_until) + interval '1 microsecond' FROM message WHERE shop_id = %(shop_id)s AND state = 'sending';
