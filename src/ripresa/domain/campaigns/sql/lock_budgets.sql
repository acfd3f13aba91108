-- What is left of the budgets of some campaigns that have one; nobody else spends of them until this transaction ends.
SELECT k.id, k.max_messages, k.max_cost_minor, k.used_messages, k.used_minor, (k.plan -> 'budget' -> 'costs')::text
  FROM campaign AS k
 WHERE k.shop_id = %(shop_id)s AND k.id = ANY(%(ids)s::uuid[])
   AND (k.max_messages IS NOT NULL OR k.max_cost_minor IS NOT NULL)
 ORDER BY k.id
   FOR NO KEY UPDATE;
