-- By its age, because each question to the provider moves updated_at. A planned payout that no file can have yet, such as that of a
-- shop without a bank account, is not stuck: it waits for the owner.
create or replace function is_stuck_payout(status text, provider text, shop_id bigint, created_at timestamptz, problem text)
returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return case
    when is_stuck_payout.problem is not null then true
    when is_stuck_payout.status = 'sent' then is_stuck_payout.created_at < now() - interval '10 days'
    when is_stuck_payout.status not in ('planned', 'unknown') then false
    when is_stuck_payout.provider <> 'manual' then is_stuck_payout.created_at < now() - interval '1 hour'
    else is_stuck_payout.created_at < now() - interval '7 days'
      and (is_stuck_payout.status = 'unknown' or payout_file_obstacle(is_stuck_payout.shop_id) is null)
  end;
end;
$$;
comment on function is_stuck_payout(text, text, bigint, timestamptz, text) is
  'Returns whether a payout has a problem, or is open and should have moved on: after an hour at a provider, a week at an operator, '
  '10 days at a bank.';
