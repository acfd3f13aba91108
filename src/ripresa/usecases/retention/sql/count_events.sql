-- How many would go: see drop_events.sql.
SELECT count(*) FROM inbox WHERE shop_id = %(shop_id)s AND id < %(floor)s AND folded_at < %(cutoff)s;
