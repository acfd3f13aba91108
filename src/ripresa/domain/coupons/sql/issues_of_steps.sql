-- The codes that some steps have got already.
SELECT i.origin_kind, i.origin_id, i.step, i.code, i.expires_at
  FROM unnest(%(kinds)s::text[], %(origin_ids)s::uuid[], %(steps)s::text[]) AS w (kind, origin_id, step)
 CROSS JOIN LATERAL (SELECT * FROM coupon_issue
                      WHERE shop_id = %(shop_id)s AND origin_kind = w.kind AND origin_id = w.origin_id AND step = w.step
                     OFFSET 0) AS i;
