-- Recipients of a campaign who may still be written to, by id, from behind one on.
SELECT t.id, t.contact_id FROM campaign_recipient AS t
 WHERE t.shop_id = %(shop_id)s AND t.campaign_id = %(campaign_id)s AND t.state = 'planned' AND t.id > %(after)s
 ORDER BY t.id
 LIMIT %(limit)s;
