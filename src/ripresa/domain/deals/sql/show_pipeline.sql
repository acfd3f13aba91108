-- The stages of a shop in their order, with the deals that stand in each: those not closed, and all.
SELECT s.key, s.name, s.kind, s.position,
       count(d.id) FILTER (WHERE d.closed_at IS NULL), count(d.id)
  FROM stage AS s
  LEFT JOIN deal AS d ON d.shop_id = s.shop_id AND d.stage_id = s.id
 WHERE s.shop_id = %(shop_id)s
 GROUP BY s.id, s.key, s.name, s.kind, s.position
 ORDER BY s.position, s.key;
