-- Of some recipients those whose campaign has a budget, and what one message costs in each channel.
SELECT t.id, k.id, (k.plan -> 'budget' -> 'costs')::text
  FROM campaign_recipient AS t
  JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
 WHERE t.shop_id = %(shop_id)s AND t.id = ANY(%(ids)s::uuid[])
   AND (k.max_messages IS NOT NULL OR k.max_cost_minor IS NOT NULL);
