-- First and last time a key was seen on a cart or browser. Returns what is new, or seen earlier than known:
-- only that can change who a cart belongs to or since when.
WITH seen AS (
    SELECT visit, key, trusted, earliest_at, latest_at
      FROM unnest(%(visits)s::text[], %(keys)s::text[], %(trusted)s::boolean[],
                  %(earliest)s::timestamptz[], %(latest)s::timestamptz[])
           AS row (visit, key, trusted, earliest_at, latest_at)
), before AS (
    SELECT v.visit, v.key, v.trusted, v.earliest_at
      FROM visit_key AS v JOIN seen USING (visit, key)
     WHERE v.shop_id = %(shop_id)s
), stored AS (
    INSERT INTO visit_key AS v (shop_id, visit, key, trusted, earliest_at, latest_at)
    SELECT %(shop_id)s, visit, key, trusted, earliest_at, latest_at FROM seen
        ON CONFLICT (shop_id, visit, key) DO UPDATE
       SET trusted = v.trusted OR EXCLUDED.trusted,
           earliest_at = LEAST(v.earliest_at, EXCLUDED.earliest_at),
           latest_at = GREATEST(v.latest_at, EXCLUDED.latest_at)
     WHERE EXCLUDED.trusted > v.trusted
        OR EXCLUDED.earliest_at < v.earliest_at
        OR EXCLUDED.latest_at > v.latest_at
)
SELECT seen.visit, seen.key
  FROM seen LEFT JOIN before USING (visit, key)
 WHERE before.visit IS NULL
    OR seen.earliest_at < before.earliest_at
    OR seen.trusted > before.trusted;
