-- Every call that was made, also one whose outcome came too late to count.
INSERT INTO webhook_attempt (shop_id, id, endpoint_id, event_id, number, at, milliseconds, status, problem, reply)
SELECT %(shop_id)s::bigint, id, %(endpoint_id)s::uuid, event_id, number, at, milliseconds, status, problem, reply
  FROM unnest(%(ids)s::uuid[], %(event_ids)s::uuid[], %(attempts)s::smallint[],
              %(instants)s::timestamptz[], %(milliseconds)s::int[], %(statuses)s::smallint[], %(problems)s::text[],
              %(replies)s::text[])
       AS a (id, event_id, number, at, milliseconds, status, problem, reply);
