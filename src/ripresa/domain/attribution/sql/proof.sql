-- The proof of some days (RPT-7), from raw rows alone: nothing here asks the code that sends, or a figure of it. A row for
-- each message that left: whether an order of hers was written down before it departed (an order's id begins with
-- that instant; before, nobody could know), whether the same was said twice, and whether a word of hers forbade it.
-- Of whom was erased no word is left: she is told of as such, and nothing is alleged.
-- What was said within a month of those days is read as well: the same may have been said on both sides of midnight.
WITH gone AS (
    SELECT m.*, coalesce(r.scenario_id, p.campaign_id) AS sent_by, coalesce(r.left_at, c.left_at) AS left_at, c.token, c.checkout_id, c.person_key,
           count(*) OVER (PARTITION BY coalesce(m.to_address, m.contact_id::text), m.cart_id, m.origin_kind, r.scenario_id, p.campaign_id,
                                       CASE WHEN m.origin_kind = 'manual' THEN m.origin_id END, r.left_at, m.step,
                                       m.channel) AS alike,
           p.order_id AS thanked_for
      FROM message AS m
      LEFT JOIN cart AS c ON c.shop_id = m.shop_id AND c.id = m.cart_id
      LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
      LEFT JOIN campaign_recipient AS p ON m.origin_kind = 'campaign' AND p.shop_id = m.shop_id AND p.id = m.origin_id
     WHERE m.shop_id = %(shop_id)s AND m.handed_over_at >= %(begin)s - interval '31 days'
       AND m.handed_over_at < %(end)s + interval '31 days' AND m.state IN ('sent', 'unknown') AND m.channel <> 'agent'
), asked AS (
    SELECT * FROM gone WHERE handed_over_at >= %(begin)s AND handed_over_at < %(end)s
), word AS (
    SELECT g.id,
           max(w.at) FILTER (WHERE w.state = 'denied') AS denied_at,
           max(w.at) FILTER (WHERE w.state = 'granted') AS granted_at,
           max(w.at) FILTER (WHERE w.state = 'granted' AND w.proven) AS proven_at
      FROM asked AS g
      JOIN shop AS s ON s.id = g.shop_id
      JOIN contact_key AS k ON k.shop_id = g.shop_id AND k.contact_id = g.contact_id
      JOIN (SELECT shop_id, key, channel, state, proven, at, event_id FROM consent_word
            UNION ALL
            -- Of what was claimed again only the latest event is known, and not the one that told it first.
            SELECT shop_id, key, channel, state, proven, earliest_at, CASE WHEN earliest_at = latest_at THEN latest_event END
              FROM consent_claim) AS w
        ON w.shop_id = k.shop_id AND w.key = k.key AND w.at <= g.handed_over_at
       AND (w.channel = g.channel OR s.couple_channels AND w.channel IN ('email', 'sms') AND g.channel IN ('email', 'sms'))
     -- What happened before and was told later could not be heeded.
     WHERE NOT EXISTS (SELECT 1 FROM inbox AS i
                        WHERE i.shop_id = w.shop_id AND i.external_id = w.event_id AND i.received_at > g.departed_at)
     GROUP BY g.id
)
SELECT g.id, g.contact_id, g.channel, g.handed_over_at,
       g.cart_id IS NOT NULL AND g.thanked_for IS NULL AND EXISTS (
           SELECT 1 FROM shop_order AS o
            WHERE o.shop_id = g.shop_id AND NOT o.is_test AND o.origin NOT IN ('draft', 'renewal')
              AND o.placed_at >= g.left_at AND o.placed_at <= g.departed_at
              AND (o.cancelled_at IS NULL OR o.cancelled_at > g.departed_at)
              AND to_timestamp(('x' || left(replace(o.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) < g.departed_at
              AND (o.person_key = g.person_key
                   OR EXISTS (SELECT 1 FROM order_key AS k
                               WHERE k.shop_id = o.shop_id AND k.order_id = o.id
                                 AND k.key IN ('email:' || g.to_address, 'phone:' || g.to_address, 'token:' || g.token,
                                               'checkout:' || g.checkout_id)))),
       g.alike > 1,
       y.erased_at IS NULL AND (
           EXISTS (SELECT 1 FROM suppression AS s
                    WHERE s.shop_id = g.shop_id AND s.channel = g.channel AND s.address = g.to_address
                      AND s.created_at < g.handed_over_at AND (s.until IS NULL OR s.until > g.handed_over_at))
           OR w.denied_at IS NOT NULL AND (w.proven_at IS NULL OR w.proven_at < w.denied_at)
           OR g.rule ~ '(^|/)(consent|one_text)@' AND w.granted_at IS NULL),
       y.erased_at IS NOT NULL
  FROM asked AS g
  JOIN contact AS y ON y.shop_id = g.shop_id AND y.id = g.contact_id
  LEFT JOIN word AS w ON w.id = g.id
 WHERE (%(origin)s::uuid IS NULL OR g.sent_by = %(origin)s::uuid) AND (%(step)s = '' OR g.step = %(step)s)
   AND (%(template)s = '' OR g.template = %(template)s) AND (%(channel)s = '' OR g.channel = %(channel)s)
   AND (%(language)s = '' OR g.language = %(language)s)
 ORDER BY g.handed_over_at, g.id;
