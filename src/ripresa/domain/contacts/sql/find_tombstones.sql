SELECT encode(key_hash, 'hex') FROM tombstone
 WHERE shop_id = %(shop_id)s AND key_hash IN (SELECT decode(one, 'hex') FROM unnest(%(hashes)s::text[]) AS one);
