-- A part of other statements: who earned the `chosen` orders, under all models at once, as credit.py has it (a test holds
-- one against the other), and written down: what is right already is not touched, what is no longer so goes. Whoever runs it
-- holds the shop's report settings (rolling.py), so nobody else writes meanwhile.
sale AS MATERIALIZED (
\ir sale.sql
), touch AS (
\ir touch.sql
), seen AS (
    SELECT t.*, bool_or(t.kind = 'agent' AND t.at >= t.left_at) OVER whole AS is_agents,
           bool_or(t.kind <> 'direct') OVER whole AS is_earned
      FROM touch AS t
     WHERE NOT t.is_machine AND t.kind <> 'sent' AND (t.kind <> 'open' OR %(with_opens)s)
    WINDOW whole AS (PARTITION BY t.order_id)
), placed AS (
    SELECT s.*, row_number() OVER by_time AS place, count(*) OVER whole AS number, max(s.at) OVER whole AS latest_at
      FROM seen AS s
     WHERE CASE WHEN s.is_agents THEN s.kind = 'agent' OR s.kind <> 'direct' AND s.channel <> 'email'
                ELSE s.kind <> 'direct' OR NOT s.is_earned END
    WINDOW whole AS (PARTITION BY s.order_id), by_time AS (PARTITION BY s.order_id ORDER BY s.at, s.touch_id)
), weighed AS (
    SELECT p.*,
           CASE WHEN p.number > 2 AND p.place IN (1, p.number) THEN 2 * (p.number - 2) ELSE 1 END AS position_weight,
           CASE WHEN p.at = p.latest_at THEN %(one)s
                ELSE trunc(power(2::float8, (extract(epoch FROM p.at - p.latest_at) * 1000000)::bigint
                                            / %(half_life)s::float8) * %(one)s)::bigint END AS decay_weight
      FROM placed AS p
     WHERE p.number > 1
), cut AS (
    -- What each gets before the last minor units go to the largest remainders, the earlier first.
    SELECT w.*,
           div(w.position_weight::numeric * w.minor, sum(w.position_weight) OVER whole)::bigint AS position_floor,
           w.position_weight::numeric * w.minor %% sum(w.position_weight) OVER whole AS position_rest,
           div(w.decay_weight::numeric * w.minor, sum(w.decay_weight) OVER whole)::bigint AS decay_floor,
           w.decay_weight::numeric * w.minor %% sum(w.decay_weight) OVER whole AS decay_rest
      FROM weighed AS w
    WINDOW whole AS (PARTITION BY w.order_id)
), fresh AS (
    -- Most orders have one touchpoint: nothing to reckon.
    SELECT p.order_id, 1::smallint AS place, true AS is_latest, p.touch_id, p.kind, p.channel, p.at, p.message_id, p.agent_id,
           p.is_agents, p.minor AS linear_minor, p.minor AS last_minor, p.minor AS first_minor, p.minor AS position_minor,
           p.minor AS decay_minor
      FROM placed AS p
     WHERE p.number = 1
     UNION ALL
    SELECT c.order_id, c.place::smallint AS place, c.place = c.number AS is_latest, c.touch_id, c.kind, c.channel, c.at,
           c.message_id, c.agent_id, c.is_agents,
           c.minor / c.number + (c.place <= c.minor %% c.number)::int AS linear_minor,
           CASE WHEN c.place = c.number THEN c.minor ELSE 0 END AS last_minor,
           CASE WHEN c.place = 1 THEN c.minor ELSE 0 END AS first_minor,
           c.position_floor + (row_number() OVER (PARTITION BY c.order_id ORDER BY c.position_rest DESC, c.place)
               <= c.minor - sum(c.position_floor) OVER whole)::int AS position_minor,
           c.decay_floor + (row_number() OVER (PARTITION BY c.order_id ORDER BY c.decay_rest DESC, c.place)
               <= c.minor - sum(c.decay_floor) OVER whole)::int AS decay_minor
      FROM cut AS c
    WINDOW whole AS (PARTITION BY c.order_id)
), difference AS (
    -- A full join, so that it is never done row by row: nobody knows beforehand how many there are.
    SELECT coalesce(f.order_id, s.order_id) AS order_id, coalesce(f.place, s.place) AS place, f.order_id IS NULL AS is_over,
           f.is_latest, f.touch_id, f.kind, f.channel, f.at, f.message_id, f.agent_id, f.is_agents, f.linear_minor,
           f.last_minor, f.first_minor, f.position_minor, f.decay_minor
      FROM fresh AS f
      FULL JOIN (SELECT c.* FROM sale AS s
                   JOIN order_credit AS c ON c.shop_id = %(shop_id)s AND c.order_id = s.order_id) AS s
        ON s.order_id = f.order_id AND s.place = f.place
     WHERE (s.is_latest, s.touch_id, s.kind, s.channel, s.at, s.message_id, s.agent_id, s.is_agents, s.linear_minor,
            s.last_minor, s.first_minor, s.position_minor, s.decay_minor)
           IS DISTINCT FROM
           (f.is_latest, f.touch_id, f.kind, f.channel, f.at, f.message_id, f.agent_id, f.is_agents, f.linear_minor,
            f.last_minor, f.first_minor, f.position_minor, f.decay_minor)
), gone AS (
    DELETE FROM order_credit AS c USING difference AS d
     WHERE c.shop_id = %(shop_id)s AND c.order_id = d.order_id AND c.place = d.place AND d.is_over
)
INSERT INTO order_credit
       (shop_id, order_id, place, is_latest, touch_id, kind, channel, at, message_id, agent_id, is_agents,
        linear_minor, last_minor, first_minor, position_minor, decay_minor)
SELECT %(shop_id)s, d.order_id, d.place, d.is_latest, d.touch_id, d.kind, d.channel, d.at, d.message_id, d.agent_id,
       d.is_agents, d.linear_minor, d.last_minor, d.first_minor, d.position_minor, d.decay_minor
  FROM difference AS d
 WHERE NOT d.is_over
    ON CONFLICT (shop_id, order_id, place) DO UPDATE
   SET is_latest = EXCLUDED.is_latest, touch_id = EXCLUDED.touch_id, kind = EXCLUDED.kind,
       channel = EXCLUDED.channel, at = EXCLUDED.at, message_id = EXCLUDED.message_id,
       agent_id = EXCLUDED.agent_id, is_agents = EXCLUDED.is_agents, linear_minor = EXCLUDED.linear_minor,
       last_minor = EXCLUDED.last_minor, first_minor = EXCLUDED.first_minor,
       position_minor = EXCLUDED.position_minor, decay_minor = EXCLUDED.decay_minor;
