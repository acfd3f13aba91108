-- Recoveries whose last message is settled are done.
UPDATE recovery AS r SET state = 'done', ended_at = %(now)s
 WHERE r.shop_id = %(shop_id)s AND r.id = ANY(%(ids)s) AND r.state = 'active'
   AND NOT EXISTS (SELECT 1 FROM message AS m
                    WHERE m.shop_id = r.shop_id AND m.origin_kind = 'recovery' AND m.origin_id = r.id
                      AND m.state IN ('planned', 'sending'));
