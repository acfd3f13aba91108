WITH a AS (DELETE FROM report_messages WHERE shop_id = %(shop_id)s),
     b AS (DELETE FROM report_credits WHERE shop_id = %(shop_id)s),
     c AS (DELETE FROM report_sales WHERE shop_id = %(shop_id)s),
     d AS (DELETE FROM report_abandonments WHERE shop_id = %(shop_id)s)
DELETE FROM order_credit WHERE shop_id = %(shop_id)s;
