-- What has left of a campaign, or was about to and will try again: by channel, with what one of them costs.
SELECT count(*), coalesce((k.plan -> 'budget' -> 'costs' ->> m.channel)::bigint, 0)
  FROM campaign AS k
  JOIN campaign_recipient AS t ON t.shop_id = k.shop_id AND t.campaign_id = k.id
  JOIN message AS m ON m.shop_id = t.shop_id AND m.origin_kind = 'campaign' AND m.origin_id = t.id
 WHERE k.shop_id = %(shop_id)s AND k.id = %(id)s
   AND (m.handed_over_at IS NOT NULL OR (m.state = 'planned' AND m.attempts > 0))
 GROUP BY m.channel, k.plan;
