-- Messages by the day they were handed over on, and what became of each: a person who clicks twice clicked once.
WITH span AS (
    SELECT * FROM unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS s (day, begins, ends)
), fresh AS (
    SELECT s.day, m.origin_kind, coalesce(r.scenario_id, p.campaign_id, %(nobody)s::uuid) AS origin_id,
           coalesce(v.number, 0) AS version, m.step, m.template, m.channel, coalesce(m.language, '') AS language,
           coalesce(d.agent_id, %(nobody)s::uuid) AS agent_id, coalesce(m.cost_currency, '') AS currency,
           count(*) AS sent,
           count(*) FILTER (WHERE m.delivery = 'delivered'
                               OR m.state = 'sent' AND coalesce(m.delivery, '') NOT IN ('bounced', 'cancelled')) AS delivered,
           count(*) FILTER (WHERE f.opened) AS opened,
           count(*) FILTER (WHERE f.clicked OR l.followed) AS clicked,
           count(*) FILTER (WHERE f.unsubscribed OR l.refused) AS unsubscribed,
           count(*) FILTER (WHERE m.delivery = 'bounced') AS bounced,
           count(*) FILTER (WHERE f.complained) AS complained,
           -- What was taken back before it left is not paid for.
           coalesce(sum(m.cost_minor) FILTER (WHERE m.delivery IS DISTINCT FROM 'cancelled'), 0) AS cost_minor
      FROM span AS s
      JOIN message AS m ON m.shop_id = %(shop_id)s AND m.handed_over_at >= s.begins AND m.handed_over_at < s.ends
                       AND m.state IN ('sent', 'unknown')
      LEFT JOIN recovery AS r ON m.origin_kind = 'recovery' AND r.shop_id = m.shop_id AND r.id = m.origin_id
      LEFT JOIN scenario_version AS v ON v.shop_id = r.shop_id AND v.id = coalesce(m.version_id, r.version_id)
      LEFT JOIN campaign_recipient AS p ON m.origin_kind = 'campaign' AND p.shop_id = m.shop_id AND p.id = m.origin_id
      LEFT JOIN LATERAL (SELECT d.agent_id FROM deal AS d WHERE d.shop_id = m.shop_id AND d.cart_id = m.cart_id AND d.opened_at <= m.handed_over_at
                          ORDER BY d.opened_at DESC, d.id DESC LIMIT 1) AS d ON true
      LEFT JOIN LATERAL (SELECT bool_or(f.kind = 'opened' AND f.verdict = 'person') AS opened,
                                bool_or(f.kind = 'clicked' AND f.verdict = 'person') AS clicked,
                                bool_or(f.kind = 'unsubscribed') AS unsubscribed,
                                bool_or(f.kind = 'complained') AS complained
                           FROM message_feedback AS f WHERE f.shop_id = m.shop_id AND f.message_id = m.id) AS f ON true
      LEFT JOIN LATERAL (SELECT bool_or(l.purpose = 'restore') AS followed, bool_or(l.purpose = 'unsubscribe') AS refused
                           FROM message_link AS l
                          WHERE l.shop_id = m.shop_id AND l.message_id = m.id AND l.used_at IS NOT NULL) AS l ON true
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
), gone AS (
    DELETE FROM report_messages AS t
     WHERE t.shop_id = %(shop_id)s AND t.day IN (SELECT day FROM span)
       AND NOT EXISTS (SELECT 1 FROM fresh AS f
                        WHERE (f.day, f.origin_kind, f.origin_id, f.version, f.step, f.template, f.channel, f.language,
                               f.agent_id, f.currency)
                            = (t.day, t.origin_kind, t.origin_id, t.version, t.step, t.template, t.channel, t.language,
                               t.agent_id, t.currency))
)
INSERT INTO report_messages AS t
       (shop_id, day, origin_kind, origin_id, version, step, template, channel, language, agent_id, currency,
        sent, delivered, opened, clicked, unsubscribed, bounced, complained, cost_minor)
SELECT %(shop_id)s, f.* FROM fresh AS f
    ON CONFLICT (shop_id, day, origin_kind, origin_id, version, step, template, channel, language, agent_id, currency)
    DO UPDATE
   SET sent = EXCLUDED.sent, delivered = EXCLUDED.delivered, opened = EXCLUDED.opened, clicked = EXCLUDED.clicked,
       unsubscribed = EXCLUDED.unsubscribed, bounced = EXCLUDED.bounced, complained = EXCLUDED.complained,
       cost_minor = EXCLUDED.cost_minor
 WHERE t IS DISTINCT FROM EXCLUDED;
