INSERT INTO contact_link (shop_id, left_key, right_key)
SELECT %(shop_id)s, left_key, right_key
  FROM unnest(%(left)s::text[], %(right)s::text[]) AS row (left_key, right_key)
    ON CONFLICT DO NOTHING;
