-- Addresses never to be used again. What a person did outweighs what a mailbox did, and both a rest; else the
-- first cause stays. So it comes out the same in whatever order causes arrive.
INSERT INTO suppression AS s (shop_id, id, channel, address, cause, detail, created_at)
SELECT %(shop_id)s, id, %(channel)s, address, %(cause)s, detail, %(now)s
  FROM unnest(%(ids)s::uuid[], %(addresses)s::text[], %(details)s::text[]) AS n (id, address, detail)
 ORDER BY address
    ON CONFLICT (shop_id, channel, address) DO UPDATE
   SET cause = excluded.cause, detail = excluded.detail, created_at = excluded.created_at, until = NULL
 WHERE s.cause = 'soft_bounces' OR (s.cause = 'hard_bounce' AND excluded.cause = 'complaint');
