-- Put recoveries under way on another version; those that wait are taken up when it says.
UPDATE recovery AS r
   SET version_id = %(version_id)s, branch = coalesce(x.branch, r.branch), due_at = CASE WHEN r.due_at IS NOT NULL THEN x.due_at END
  FROM unnest(%(ids)s::uuid[], %(due_ats)s::timestamptz[], %(branches)s::text[]) AS x (id, due_at, branch)
 WHERE r.shop_id = %(shop_id)s AND r.id = x.id AND r.ended_at IS NULL;
