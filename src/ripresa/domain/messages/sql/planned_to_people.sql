-- What is still planned for some people in one channel.
SELECT id, origin_id
  FROM message
 WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(contact_ids)s) AND channel = %(channel)s AND state = 'planned'
 ORDER BY id;
