-- How many would go: see drop_feedback.sql.
SELECT count(*) FROM message_feedback WHERE shop_id = %(shop_id)s AND id < %(floor)s AND (ip <> '' OR user_agent <> '' OR text <> '' OR detail <> '' OR recipient IS NOT NULL);
