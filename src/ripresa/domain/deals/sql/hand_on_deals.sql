-- An agent's open deals become her heir's, or nobody's; what she had taken over, the heir has, or nobody.
UPDATE deal
   SET agent_id = %(heir)s,
       taken_over_by = CASE WHEN taken_over_by = %(email)s THEN %(heir_email)s ELSE taken_over_by END,
       taken_over_at = CASE WHEN taken_over_by = %(email)s AND %(heir_email)s::text IS NULL THEN NULL
                            ELSE taken_over_at END
 WHERE shop_id = %(shop_id)s AND agent_id = %(agent)s AND closed_at IS NULL
   AND contact_id = ANY(%(contact_ids)s::uuid[])
RETURNING id;
