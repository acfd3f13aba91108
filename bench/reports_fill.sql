-- Shops with messages, what was heard of them, and orders: for stages 11 and 12. Shops `first` to `last`; what happened
-- from `since` on and before `until`.
INSERT INTO shop (id, slug, name, store_url, hosts, address, owner_email, currency, timezone, country, language,
                  abandoned_after, expires_after, min_gap, retention, confirm_consent, collect_enabled, created_at)
SELECT n, 'bench-' || n, 'Bench', '', '{}', '', '', 'EUR', 'Europe/Rome', 'IT', 'en', '1h', '30d', '0', '{}',
       'by_country', true, '2026-01-01'
  FROM generate_series(%(first)s::bigint, %(last)s) AS n
    ON CONFLICT DO NOTHING;
INSERT INTO contact (shop_id, id, email, consent_email, consent_sms, consent_letter, created_at)
SELECT s, md5('c' || s || '/' || n)::uuid, 'p' || n || '@people.test', 'granted', 'unknown', 'unknown', '2026-01-01'
  FROM generate_series(%(first)s::bigint, %(last)s) AS s, generate_series(1, %(orders)s) AS n
    ON CONFLICT DO NOTHING;
INSERT INTO message (shop_id, id, origin_kind, origin_id, step, step_number, channel, contact_id, template, state,
                     planned_for, handed_over_at, departed_at, settled_at, attempts, language, cost_minor, cost_currency)
SELECT s, md5('m' || s || '/' || n)::uuid, 'manual', md5('o' || s || '/' || n)::uuid, 'step' || n %% 3, 1,
       (ARRAY['email', 'sms', 'letter'])[1 + n %% 3], md5('c' || s || '/' || 1 + n %% %(orders)s)::uuid, 't' || n %% 4, 'sent',
       at, at, at, at, 1, (ARRAY['it', 'en'])[1 + n %% 2], 7, 'EUR'
  FROM generate_series(%(first)s::bigint, %(last)s) AS s, generate_series(1, %(messages)s) AS n,
       LATERAL (SELECT %(begin)s::timestamptz + (n * 90.0 / %(messages)s) * interval '1 day' AS at) AS x
 WHERE at >= %(since)s AND at < %(until)s;
INSERT INTO message_feedback (shop_id, id, source, event_id, kind, message_id, channel, is_permanent, occurred_at,
                              received_at, detail, text, url, user_agent, ip, verdict, verdict_rule)
SELECT m.shop_id, md5(m.id::text || k)::uuid, 'bench', m.id || k, k, m.id, m.channel, false, m.handed_over_at + interval '2h',
       m.handed_over_at + interval '2h', '', '', '', '', '', 'person', ''
  FROM message AS m, unnest(ARRAY['opened', 'clicked']) AS k
 WHERE m.shop_id BETWEEN %(first)s AND %(last)s AND m.handed_over_at >= %(since)s AND m.handed_over_at < %(until)s;
INSERT INTO shop_order (shop_id, id, source, external_id, number, contact_id, currency, total_minor, discount_codes,
                        origin, is_test, placed_at, content_event, refunded_minor)
SELECT s, md5('s' || s || '/' || n)::uuid, 'shop', 'o' || n, '', md5('c' || s || '/' || n)::uuid, 'EUR', 5000 + n, '{}',
       'web', false, at, '', 0
  FROM generate_series(%(first)s::bigint, %(last)s) AS s, generate_series(1, %(orders)s) AS n,
       LATERAL (SELECT %(end)s::timestamptz - (n * 60.0 / %(orders)s) * interval '1 day' AS at) AS x
 WHERE at >= %(since)s AND at < %(until)s;
