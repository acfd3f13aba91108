-- How many would go: see drop_activity.sql.
SELECT count(*) FROM cart_activity WHERE shop_id = %(shop_id)s AND id < %(floor)s AND occurred_at < %(cutoff)s;
