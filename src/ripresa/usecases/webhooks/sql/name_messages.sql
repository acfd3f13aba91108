-- Messages, each with the scenario or campaign it belongs to.
SELECT m.id,
       json_build_object(
           'id', m.id, 'channel', m.channel, 'step', m.step, 'origin', m.origin_kind,
           'scenario', CASE WHEN s.id IS NOT NULL THEN json_build_object('id', s.id, 'name', s.name) END,
           'campaign', CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'name', k.name) END)::text
  FROM message AS m
  LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
  LEFT JOIN scenario AS s ON s.shop_id = r.shop_id AND s.id = r.scenario_id
  LEFT JOIN campaign_recipient AS t ON m.origin_kind = 'campaign' AND t.shop_id = m.shop_id AND t.id = m.origin_id
  LEFT JOIN campaign AS k ON k.shop_id = t.shop_id AND k.id = t.campaign_id
 WHERE m.shop_id = %(shop_id)s AND m.id = ANY(%(ids)s);
