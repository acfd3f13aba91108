-- How many would go: see drop_webhooks.sql.
SELECT count(*) FROM webhook_event WHERE shop_id = %(shop_id)s AND id < %(floor)s;
