SELECT body FROM webhook_event WHERE shop_id = %(shop_id)s AND id = %(event_id)s;
