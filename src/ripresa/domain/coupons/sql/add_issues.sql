-- Write down which code stands in the messages of which step.
INSERT INTO coupon_issue (shop_id, id, pool_id, code_id, code, contact_id, origin_kind, origin_id, step, reserved_at, expires_at)
SELECT %(shop_id)s, id, pool_id, code_id, code, contact_id, kind, origin_id, step, %(now)s, expires_at
  FROM unnest(%(ids)s::uuid[], %(pool_ids)s::uuid[], %(code_ids)s::uuid[], %(codes)s::text[], %(contact_ids)s::uuid[],
              %(kinds)s::text[], %(origin_ids)s::uuid[], %(steps)s::text[], %(expires_ats)s::timestamptz[])
       AS i (id, pool_id, code_id, code, contact_id, kind, origin_id, step, expires_at);
