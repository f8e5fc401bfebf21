-- The only list of periods. docs/PRIVACY.md has the same, and test/docs/privacy.test.ts compares. No search_path: inlined.
create or replace function retention_periods() returns table (what text, period interval)
language sql immutable
as $$
  values
    ('idempotency_keys', interval '48 hours'),
    ('key_counts', interval '1 day'),
    ('sign_in_addresses', interval '30 days'),
    ('mails', interval '90 days'),
    -- After their end.
    ('user_tokens', interval '30 days'),
    -- Guests who never ordered, without a session.
    ('guests', interval '30 days'),
    -- Addresses, notes, gift messages and personalizations of orders.
    ('addresses', interval '3 years')
$$;
comment on function retention_periods() is 'Returns how long data of people is kept, by what it is.';
