-- How far a shop has come, and what stands still in it, from its rows alone: was a cart heard (files and trials apart), did a
-- mail leave or a test of one, has a scenario been live; since when it is quiet, which accounts are held.
SELECT EXISTS (SELECT FROM cart AS c
                WHERE c.shop_id = %(shop_id)s AND NOT c.is_test AND c.newest_event NOT LIKE 'file:%%'),
       EXISTS (SELECT FROM message AS m
                WHERE m.shop_id = %(shop_id)s AND m.state = 'sent' AND m.channel = 'email')
       OR EXISTS (SELECT FROM audit_entry AS a
                   WHERE a.shop_id = %(shop_id)s AND a.action = 'tried' AND a.subject_kind = 'message'
                     AND a.after ->> 'channel' = 'email' AND a.after ->> 'taken_over' = 'true'),
       EXISTS (SELECT FROM scenario AS s WHERE s.shop_id = %(shop_id)s AND s.activated_at IS NOT NULL),
       (SELECT k.began_at FROM capture_alarm AS k WHERE k.shop_id = %(shop_id)s AND k.ended_at IS NULL),
       coalesce((SELECT array_agg(p.name ORDER BY p.name) FROM provider_account AS p
                  WHERE p.shop_id = %(shop_id)s AND p.is_active AND p.paused_at IS NOT NULL), '{}');
