-- How many would go: see drop_contents.sql.
SELECT count(*) FROM message_content WHERE shop_id = %(shop_id)s AND id < %(floor)s;
