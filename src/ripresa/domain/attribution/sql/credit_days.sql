-- Credit the orders of some days, those of nobody among them.
WITH chosen AS (
    SELECT o.* FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (begins, ends)
      JOIN shop_order AS o ON o.shop_id = %(shop_id)s AND o.placed_at >= s.begins AND o.placed_at < s.ends
),
\ir credit.sql
