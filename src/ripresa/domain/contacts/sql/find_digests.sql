-- Which of these digests stand on the list.
SELECT encode(digest, 'hex'), cause, detail, created_at
  FROM suppressed_digest
 WHERE shop_id = %(shop_id)s AND channel = %(channel)s
   AND digest IN (SELECT decode(one, 'hex') FROM unnest(%(digests)s::text[]) AS one);
