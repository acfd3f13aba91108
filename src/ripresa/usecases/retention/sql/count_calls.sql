-- How many would go: see drop_calls.sql.
SELECT count(*) FROM provider_call WHERE shop_id = %(shop_id)s AND id < %(floor)s AND due_at IS NULL;
