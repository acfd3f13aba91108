INSERT INTO report_stale (shop_id, id, contact_id, at, day)
SELECT %(shop_id)s, id, contact_id, at, day
  FROM unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(instants)s::timestamptz[], %(days)s::date[])
       AS row (id, contact_id, at, day);
