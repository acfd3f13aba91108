-- An address taken off the list is not found again by its digest.
DELETE FROM suppressed_digest
 WHERE shop_id = %(shop_id)s AND channel = %(channel)s
   AND digest IN (SELECT decode(one, 'hex') FROM unnest(%(digests)s::text[]) AS one);
