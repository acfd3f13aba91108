INSERT INTO tombstone (shop_id, key_hash, erased_at, by)
SELECT %(shop_id)s, decode(one, 'hex'), %(now)s, %(by)s FROM unnest(%(hashes)s::text[]) AS one
    ON CONFLICT (shop_id, key_hash) DO NOTHING;
