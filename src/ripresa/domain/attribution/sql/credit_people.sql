-- Credit the orders of some people.
WITH chosen AS (
    SELECT * FROM shop_order
     WHERE shop_id = %(shop_id)s AND contact_id = ANY(%(contact_ids)s::uuid[]) AND placed_at IS NOT NULL
),
\ir credit.sql
