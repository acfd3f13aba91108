-- The shipped pipeline, once a shop: a stage that somebody removes does not come back.
WITH laid AS (
    INSERT INTO pipeline (shop_id, id, key, name, created_at)
    VALUES (%(shop_id)s, %(id)s, %(key)s, '', %(now)s)
        ON CONFLICT (shop_id, key) DO NOTHING
    RETURNING id
)
INSERT INTO stage (shop_id, id, pipeline_id, key, name, kind, position)
SELECT %(shop_id)s, row.id, laid.id, row.key, '', row.kind, row.position
  FROM laid,
       unnest(%(stage_ids)s::uuid[], %(keys)s::text[], %(kinds)s::text[], %(positions)s::int[])
       AS row (id, key, kind, position);
