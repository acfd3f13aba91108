-- All that may have earned one order, in no order.
WITH chosen AS (
    SELECT * FROM shop_order WHERE shop_id = %(shop_id)s AND id = %(order_id)s
), sale AS (
\ir sale.sql
), touch AS (
\ir touch.sql
)
SELECT touch_id, kind, at, channel, message_id, agent_id, is_machine FROM touch;
