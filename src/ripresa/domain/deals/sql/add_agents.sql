-- Agents that are not known yet; those that are stay as they are.
INSERT INTO agent (shop_id, id, name, email, is_active, created_at)
SELECT %(shop_id)s, row.id, row.name, row.email, true, %(now)s
  FROM unnest(%(ids)s::uuid[], %(emails)s::text[], %(names)s::text[]) AS row (id, email, name)
 ORDER BY row.email
    ON CONFLICT (shop_id, email) DO NOTHING;
