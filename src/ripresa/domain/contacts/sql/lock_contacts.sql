-- Lock people before anything about them changes: hand-over does the same (promise 1).
SELECT id FROM contact WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s) ORDER BY id FOR UPDATE;
