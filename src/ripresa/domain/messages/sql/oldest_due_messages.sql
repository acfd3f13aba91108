-- The shops of the messages that are due longest. On a quiet day these are all, and an idle shop costs nothing.
SELECT shop_id FROM message WHERE state = 'planned' AND due_at <= %(now)s ORDER BY due_at LIMIT %(most)s;
