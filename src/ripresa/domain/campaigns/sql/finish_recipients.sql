-- Recipients of a campaign none of whose messages can leave any more are over. Only few are planned at a time.
UPDATE campaign_recipient AS t SET state = 'over'
 WHERE t.shop_id = %(shop_id)s AND t.campaign_id = %(campaign_id)s AND t.state = 'planned'
   AND NOT EXISTS (SELECT 1 FROM message AS m
                    WHERE m.shop_id = %(shop_id)s AND m.origin_kind = 'campaign' AND m.origin_id = t.id
                      AND m.state IN ('planned', 'sending'));
