-- Which of these tokens is a cart that was restored under another, or one under which another was restored.
SELECT visit, key, trusted, earliest_at, latest_at
  FROM visit_key
 WHERE shop_id = %(shop_id)s AND (visit = ANY(%(tokens)s) OR key = ANY(%(tokens)s))
   AND visit LIKE 'token:%%' AND key LIKE 'token:%%';
