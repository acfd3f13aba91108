-- Digests of addresses that are never to be used. Returns the new ones.
INSERT INTO suppressed_digest (shop_id, channel, digest, cause, detail, created_at)
SELECT %(shop_id)s, channel, decode(digest, 'hex'), cause, detail, %(now)s
  FROM unnest(%(channels)s::text[], %(digests)s::text[], %(causes)s::text[], %(details)s::text[])
       AS row (channel, digest, cause, detail)
 ORDER BY channel, digest
    ON CONFLICT (shop_id, channel, digest) DO NOTHING
RETURNING channel, encode(digest, 'hex');
