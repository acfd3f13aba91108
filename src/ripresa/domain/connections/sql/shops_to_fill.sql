-- Which shops have a history that is being told.
SELECT DISTINCT shop_id FROM back_fill WHERE due_at <= %(now)s ORDER BY shop_id;
