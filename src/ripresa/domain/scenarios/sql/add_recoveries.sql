-- One run of a scenario for one abandonment. A second for the same stretch, or beside an open one, is none.
WITH run AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(scenario_ids)s::uuid[], %(version_ids)s::uuid[], %(cart_ids)s::uuid[],
                         %(contact_ids)s::uuid[], %(reasons)s::text[], %(left_ats)s::timestamptz[],
                         %(abandoned_ats)s::timestamptz[], %(due_ats)s::timestamptz[], %(decision_ids)s::uuid[],
                         %(facts)s::text[])
               AS run (id, scenario_id, version_id, cart_id, contact_id, reason, left_at, abandoned_at, due_at,
                       decision_id, facts)
), added AS (
    INSERT INTO recovery (shop_id, id, scenario_id, version_id, cart_id, contact_id, state, reason, left_at,
                          abandoned_at, due_at, ended_at)
    SELECT %(shop_id)s, id, scenario_id, version_id, cart_id, contact_id,
           CASE WHEN reason IS NULL THEN 'waiting' ELSE 'skipped' END, reason, left_at, abandoned_at, due_at,
           CASE WHEN reason IS NOT NULL THEN %(now)s::timestamptz END
      FROM run
     ORDER BY scenario_id, cart_id, left_at
        ON CONFLICT DO NOTHING
 RETURNING id
), told AS (
    INSERT INTO decision (shop_id, id, at, origin_kind, origin_id, outcome, reason, facts)
    SELECT %(shop_id)s, run.decision_id, %(now)s, 'recovery', run.id, 'skipped', run.reason, run.facts::jsonb
      FROM run JOIN added USING (id)
     WHERE run.decision_id IS NOT NULL
)
SELECT id FROM added;
