-- How many would go: see drop_letters.sql.
SELECT count(*) FROM message_letter WHERE shop_id = %(shop_id)s AND id < %(floor)s;
