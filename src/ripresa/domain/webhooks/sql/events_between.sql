SELECT id, type FROM webhook_event
 WHERE shop_id = %(shop_id)s AND happened_at >= %(since)s AND happened_at < %(until)s
 ORDER BY position;
