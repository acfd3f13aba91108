-- Every day of the shop's zone on which something happened that figures count, and days that have figures.
SELECT (at AT TIME ZONE %(zone)s)::date
  FROM (SELECT handed_over_at AS at FROM message WHERE shop_id = %(shop_id)s AND state IN ('sent', 'unknown')
        UNION ALL SELECT placed_at FROM shop_order WHERE shop_id = %(shop_id)s AND placed_at IS NOT NULL
        UNION ALL SELECT abandoned_at FROM abandonment WHERE shop_id = %(shop_id)s) AS facts
UNION SELECT day FROM report_messages WHERE shop_id = %(shop_id)s
UNION SELECT day FROM report_credits WHERE shop_id = %(shop_id)s
UNION SELECT day FROM report_sales WHERE shop_id = %(shop_id)s
UNION SELECT day FROM report_abandonments WHERE shop_id = %(shop_id)s
 ORDER BY 1;
