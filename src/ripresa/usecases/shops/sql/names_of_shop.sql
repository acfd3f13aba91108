-- Every name that a file of a scenario or a campaign may say, with what it is of. A sender has an address as well.
SELECT 'pool', name, '' FROM coupon_pool WHERE shop_id = %(shop_id)s
UNION ALL
SELECT 'segment', name, '' FROM segment WHERE shop_id = %(shop_id)s
UNION ALL
SELECT 'stage', key, '' FROM stage WHERE shop_id = %(shop_id)s
UNION ALL
SELECT 'sender', name, email FROM sender WHERE shop_id = %(shop_id)s
UNION ALL
SELECT 'ended', name, '' FROM scenario WHERE shop_id = %(shop_id)s AND state = 'ended'
UNION ALL
SELECT 'begun', name, '' FROM campaign WHERE shop_id = %(shop_id)s AND state <> 'draft';
