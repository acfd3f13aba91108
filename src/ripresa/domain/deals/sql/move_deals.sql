-- Put deals into another stage, unless they have been closed meanwhile.
UPDATE deal AS d SET stage_id = row.stage_id
  FROM unnest(%(ids)s::uuid[], %(stage_ids)s::uuid[]) AS row (id, stage_id)
 WHERE d.shop_id = %(shop_id)s AND d.id = row.id AND d.closed_at IS NULL;
