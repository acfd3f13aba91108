-- How many recipients of a campaign may still be written to; the index holds no others.
SELECT count(*) FROM campaign_recipient AS t
 WHERE t.shop_id = %(shop_id)s AND t.campaign_id = %(campaign_id)s AND t.state = 'planned';
