-- How many would go: see drop_links.sql.
SELECT count(*) FROM message_link WHERE shop_id = %(shop_id)s AND message_id < %(floor)s AND purpose <> 'unsubscribe'
   AND (purpose <> 'restore' OR used_at IS NULL) AND expires_at < %(now)s;
