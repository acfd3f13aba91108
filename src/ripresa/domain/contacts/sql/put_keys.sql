-- The facts of each key as they stand after this batch; new keys come with their person.
INSERT INTO contact_key (shop_id, key, contact_id, facts, reachable_at)
SELECT %(shop_id)s, key, contact_id, facts::jsonb, reachable_at
  FROM unnest(%(keys)s::text[], %(contact_ids)s::uuid[], %(facts)s::text[], %(reachable)s::timestamptz[])
       AS row (key, contact_id, facts, reachable_at)
    ON CONFLICT (shop_id, key)
    DO UPDATE SET facts = EXCLUDED.facts, reachable_at = EXCLUDED.reachable_at;
