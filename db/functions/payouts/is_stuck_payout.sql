-- By its age, because each question to the provider moves updated_at.
-- No search_path: inlined.
create or replace function is_stuck_payout(p payouts) returns boolean
language sql stable
as $$
  select p.problem is not null or p.status in ('planned', 'sent', 'unknown') and p.created_at < now() - case
    when p.status = 'sent' then interval '10 days'
    when p.provider = 'manual' then interval '7 days'
    else interval '1 hour'
  end
$$;
comment on function is_stuck_payout(payouts) is
  'Returns whether a payout has a problem, or is open and should have moved on: after an hour at a provider, a week at an operator, '
  '10 days at a bank.';
