-- People whose address or number has one of these digests: every contact of the shop is read once.
WITH listed AS MATERIALIZED (
    SELECT channel, digest, decode(digest, 'hex') AS bytes
      FROM unnest(%(channels)s::text[], %(digests)s::text[]) AS row (channel, digest)
)
SELECT DISTINCT l.channel, l.digest, w.address
  FROM contact AS c
 CROSS JOIN LATERAL (VALUES ('email', c.email), ('sms', c.phone)) AS w (channel, address)
  JOIN listed AS l ON l.channel = w.channel AND l.bytes = sha256(convert_to(w.address, 'UTF8'))
 WHERE c.shop_id = %(shop_id)s AND w.address IS NOT NULL;
