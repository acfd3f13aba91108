-- Messages of a shop, planned, sent or not, in the order of their ids.
SELECT m.id, m.origin_kind, m.origin_id, m.step, m.channel, m.template, m.language, m.state, m.reason, m.to_address,
       m.subject, m.coupon_code, m.cost_currency, m.cost_minor, m.planned_for, m.handed_over_at, m.delivery, m.delivered_at
  FROM message AS m
 WHERE m.shop_id = %(shop_id)s AND m.id > %(after)s
 ORDER BY m.id
 LIMIT %(most)s;
