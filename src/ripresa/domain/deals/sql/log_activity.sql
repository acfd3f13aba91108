-- What was done with deals: who, when, what.
INSERT INTO deal_activity (shop_id, id, deal_id, at, kind, who, from_stage, to_stage, until, note)
SELECT %(shop_id)s, row.id, row.deal_id, row.at, row.kind, row.who, row.from_stage, row.to_stage, row.until,
       row.note
  FROM unnest(%(ids)s::uuid[], %(deal_ids)s::uuid[], %(instants)s::timestamptz[], %(kinds)s::text[],
              %(whos)s::text[], %(from_stages)s::text[], %(to_stages)s::text[], %(untils)s::timestamptz[],
              %(notes)s::text[])
       AS row (id, deal_id, at, kind, who, from_stage, to_stage, until, note);
