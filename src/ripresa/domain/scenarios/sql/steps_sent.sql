-- The steps that reached some people since an instant: when the first message of each was handed over, and
-- whether one of them is being sent at this moment.
SELECT contact_id, origin_id, step_number, min(handed_over_at), bool_or(state = 'sending')
  FROM message
 WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(contact_ids)s) AND handed_over_at >= %(since)s
 GROUP BY contact_id, origin_id, step_number;
