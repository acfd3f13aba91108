-- The credit of these orders as it is now: what is right already is not written again.
WITH fresh AS (
    SELECT * FROM unnest(%(orders)s::uuid[], %(places)s::smallint[], %(latest)s::boolean[], %(touches)s::uuid[],
                         %(kinds)s::text[], %(channels)s::text[], %(instants)s::timestamptz[], %(messages)s::uuid[],
                         %(agents)s::uuid[], %(of_agents)s::boolean[], %(linear)s::bigint[], %(last)s::bigint[],
                         %(first)s::bigint[], %(position)s::bigint[], %(decay)s::bigint[])
               AS f (order_id, place, is_latest, touch_id, kind, channel, at, message_id, agent_id, is_agents,
                     linear_minor, last_minor, first_minor, position_minor, decay_minor)
), gone AS (
    DELETE FROM order_credit AS c
     WHERE c.shop_id = %(shop_id)s AND c.order_id = ANY(%(ids)s::uuid[])
       AND NOT EXISTS (SELECT 1 FROM fresh AS f WHERE f.order_id = c.order_id AND f.place = c.place)
)
INSERT INTO order_credit AS c
       (shop_id, order_id, place, is_latest, touch_id, kind, channel, at, message_id, agent_id, is_agents,
        linear_minor, last_minor, first_minor, position_minor, decay_minor)
SELECT %(shop_id)s, f.* FROM fresh AS f
    ON CONFLICT (shop_id, order_id, place) DO UPDATE
   SET is_latest = EXCLUDED.is_latest, touch_id = EXCLUDED.touch_id, kind = EXCLUDED.kind,
       channel = EXCLUDED.channel, at = EXCLUDED.at, message_id = EXCLUDED.message_id,
       agent_id = EXCLUDED.agent_id, is_agents = EXCLUDED.is_agents, linear_minor = EXCLUDED.linear_minor,
       last_minor = EXCLUDED.last_minor, first_minor = EXCLUDED.first_minor,
       position_minor = EXCLUDED.position_minor, decay_minor = EXCLUDED.decay_minor
 WHERE c IS DISTINCT FROM EXCLUDED;
