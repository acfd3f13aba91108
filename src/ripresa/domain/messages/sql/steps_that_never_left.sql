-- The steps of some messages that hold a code and surely never left: no message of theirs can go any more, or has gone.
SELECT DISTINCT i.origin_kind, i.origin_id, i.step
  FROM unnest(%(ids)s::uuid[]) AS x (id)
 CROSS JOIN LATERAL (SELECT * FROM message WHERE shop_id = %(shop_id)s AND id = x.id OFFSET 0) AS m
 CROSS JOIN LATERAL (SELECT * FROM coupon_issue
                      WHERE shop_id = %(shop_id)s AND origin_kind = m.origin_kind AND origin_id = m.origin_id
                        AND step = m.step
                     OFFSET 0) AS i
 WHERE i.sent_at IS NULL
   AND (SELECT count(*) FROM message AS s
         WHERE s.shop_id = %(shop_id)s AND s.origin_kind = i.origin_kind AND s.origin_id = i.origin_id
           AND s.step = i.step AND s.state IN ('planned', 'sending', 'sent', 'unknown')) = 0;
