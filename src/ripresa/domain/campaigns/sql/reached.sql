-- How many people each of some campaigns has taken, doubles left out.
SELECT t.campaign_id, count(*) FROM campaign_recipient AS t
 WHERE t.shop_id = %(shop_id)s AND t.campaign_id = ANY(%(ids)s::uuid[]) AND NOT t.is_double
 GROUP BY t.campaign_id;
