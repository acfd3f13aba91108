-- What became of the messages of some campaigns, by channel, state and reason.
SELECT t.campaign_id, m.channel, m.state, m.reason, count(*)
  FROM campaign_recipient AS t
  JOIN message AS m ON m.shop_id = t.shop_id AND m.origin_kind = 'campaign' AND m.origin_id = t.id
 WHERE t.shop_id = %(shop_id)s AND t.campaign_id = ANY(%(ids)s::uuid[])
 GROUP BY t.campaign_id, m.channel, m.state, m.reason
 ORDER BY t.campaign_id, m.channel, m.state, m.reason;
