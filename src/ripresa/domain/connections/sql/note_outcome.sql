-- What came of one call, or of one page of answers: counted, and the latest problems kept.
UPDATE connection AS c
   SET heard = heard + %(heard)s, missed = missed + %(missed)s, refused = refused + %(refused)s,
       last_heard_at = greatest(last_heard_at, %(now)s),
       problems = (SELECT coalesce(jsonb_agg(p), '[]')
                     FROM (SELECT p FROM jsonb_array_elements(%(problems)s::jsonb || c.problems) AS p LIMIT 20) AS newest)
 WHERE c.shop_id = %(shop_id)s AND c.id = %(connection_id)s;
