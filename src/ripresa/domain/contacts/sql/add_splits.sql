INSERT INTO contact_split (shop_id, id, keys, event_id, occurred_at)
VALUES (%(shop_id)s, %(id)s, %(keys)s, %(event_id)s, %(occurred_at)s)
ON CONFLICT (shop_id, event_id) DO NOTHING;
