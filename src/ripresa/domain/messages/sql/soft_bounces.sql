-- When messages to an address bounced softly: one instant a message, its latest.
SELECT max(occurred_at)
  FROM message_feedback
 WHERE shop_id = %(shop_id)s AND channel = %(channel)s AND recipient = %(address)s AND kind = 'bounced'
   AND NOT is_permanent AND reason = ANY(%(reasons)s::text[])
 GROUP BY coalesce(message_id, id)
