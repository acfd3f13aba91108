-- The campaigns behind some recipients.
SELECT t.id, k.id, k.name FROM campaign_recipient AS t JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
 WHERE t.shop_id = %(shop_id)s AND t.id = ANY(%(ids)s::uuid[]);
