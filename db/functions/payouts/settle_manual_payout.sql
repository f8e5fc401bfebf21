-- An operator knows what became of a payout of the provider `manual`. Only the provider of any other payout knows that.
create or replace function settle_manual_payout(payout_id bigint, outcome text, failure_reason text default null) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if not exists (select from payouts p where p.id = settle_manual_payout.payout_id and p.provider = 'manual') then
    raise exception using errcode = 'SWNTF', message = format('There is no manual payout %s.', settle_manual_payout.payout_id);
  end if;
  return settle_payout(
    settle_manual_payout.payout_id, settle_manual_payout.outcome, null, settle_manual_payout.failure_reason
  );
end;
$$;
comment on function settle_manual_payout(bigint, text, text) is
  'Applies what an operator says about a payout that was paid by hand. Returns its status. SWNTF, SWINV.';
