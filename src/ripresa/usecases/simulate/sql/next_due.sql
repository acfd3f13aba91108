-- The next instant at which time alone makes something happen.
SELECT LEAST((SELECT min(due_at) FROM cart WHERE shop_id = %(shop_id)s AND due_at IS NOT NULL),
             (SELECT min(due_at) FROM recovery WHERE shop_id = %(shop_id)s AND state = 'waiting'),
             (SELECT min(due_at) FROM message WHERE shop_id = %(shop_id)s AND state = 'planned'));
