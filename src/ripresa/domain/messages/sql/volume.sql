-- What was handed over in this hour, and in the busiest hour before it.
SELECT coalesce(sum(handed_over) FILTER (WHERE hour = %(hour)s), 0)::int,
       coalesce(max(handed_over) FILTER (WHERE hour < %(hour)s), 0)
  FROM message_hour
 WHERE shop_id = %(shop_id)s AND hour >= %(since)s AND hour <= %(hour)s;
