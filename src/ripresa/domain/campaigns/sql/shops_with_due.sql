-- The shops with a campaign whose audience has to be looked at. They are few: most have ended.
SELECT DISTINCT shop_id FROM campaign WHERE due_at <= %(now)s ORDER BY shop_id;
