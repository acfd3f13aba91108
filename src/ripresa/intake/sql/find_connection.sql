-- What the shop behind an address wants to hear; no row: nobody listens there any more.
-- A shop that has removed the app may still ask by law for what we hold, 48 hours later.
SELECT '{"status": 200, "content_type": "application/json", "body": "{}"}'::jsonb
  FROM connection
 WHERE shop_id = %(shop_id)s AND id = %(row_id)s
   AND (closed_at IS NULL OR closed_reason = 'the shop has removed the app');
