-- One order, as attribution sees it.
WITH chosen AS (
    SELECT * FROM shop_order WHERE shop_id = %(shop_id)s AND id = %(order_id)s
), sale AS (
\ir sale.sql
)
SELECT minor, ends, abandoned_at, counts FROM sale;
