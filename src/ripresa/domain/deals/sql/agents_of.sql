-- Whose customers these people are: what the shop's events say; else what somebody decided, the latest;
-- else what a rule gave, the earliest. Agents who are no longer active are passed over; who is away is told.
SELECT DISTINCT ON (found.contact_id) found.contact_id, found.id, found.email, found.name,
       COALESCE(found.away_until > %(now)s, false)
  FROM (SELECT p.id AS contact_id, a.id, p.agent AS email, COALESCE(a.name, '') AS name, a.away_until,
               0 AS rank, NULL::interval AS age, '' AS key
          FROM contact AS p
          LEFT JOIN agent AS a ON a.shop_id = p.shop_id AND a.email = p.agent
         WHERE p.shop_id = %(shop_id)s AND p.id = ANY(%(contact_ids)s::uuid[])
           AND p.agent <> '' AND COALESCE(a.is_active, true)
         UNION ALL
        SELECT k.contact_id, a.id, a.email, a.name, a.away_until,
               CASE s.origin WHEN 'rule' THEN 2 ELSE 1 END,
               CASE s.origin WHEN 'rule' THEN s.assigned_at - 'epoch'::timestamptz
                             ELSE 'epoch'::timestamptz - s.assigned_at END,
               s.key
          FROM contact_key AS k
          JOIN agent_assignment AS s ON s.shop_id = k.shop_id AND s.key = k.key
          JOIN agent AS a ON a.shop_id = s.shop_id AND a.id = s.agent_id
         WHERE k.shop_id = %(shop_id)s AND k.contact_id = ANY(%(contact_ids)s::uuid[])
           AND a.is_active) AS found
 ORDER BY found.contact_id, found.rank, found.age, found.key;
