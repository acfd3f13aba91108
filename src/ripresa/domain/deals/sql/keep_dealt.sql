-- What a rule gave stays (sticky), under the strongest key of the person: e-mail, customer id, phone.
INSERT INTO agent_assignment AS s (shop_id, key, agent_id, origin, assigned_at)
SELECT %(shop_id)s, best.key, row.agent_id, 'rule', %(now)s
  FROM unnest(%(contact_ids)s::uuid[], %(agent_ids)s::uuid[]) AS row (contact_id, agent_id)
 CROSS JOIN LATERAL (
       SELECT k.key FROM contact_key AS k
        WHERE k.shop_id = %(shop_id)s AND k.contact_id = row.contact_id
        ORDER BY array_position(ARRAY['email', 'customer', 'phone'], split_part(k.key, ':', 1)), k.key
        LIMIT 1) AS best
    ON CONFLICT (shop_id, key) DO UPDATE
   SET agent_id = EXCLUDED.agent_id, origin = 'rule', assigned_at = EXCLUDED.assigned_at;
