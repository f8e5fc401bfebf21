-- The only way from a provider's answer, its webhook or an operator's word to the books. An outcome that changes nothing, or comes
-- too late, is ignored:
--   sent      the provider took it
--   paid      the bank has it: the money has left
--   failed    it never left: available again
--   returned  the bank sent it back after it was paid: available again
--   unknown   no clear answer: the money stays in transit until the provider gives one
-- Returns the status. Locks: the payout, then the balance of its shop.
create or replace function settle_payout(
  payout_id bigint, outcome text, provider_reference text default null, failure_reason text default null
) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payout payouts;
begin
  if outcome is null or outcome not in ('sent', 'paid', 'failed', 'returned', 'unknown') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not an outcome of a payout.', outcome), detail = '{"field": "outcome"}';
  end if;
  select p.* into v_payout from payouts p where p.id = settle_payout.payout_id for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such payout.';
  end if;
  -- A return that arrives first is a payment, too.
  if outcome = 'returned' and v_payout.status in ('planned', 'sent', 'unknown') then
    perform settle_payout(v_payout.id, 'paid', settle_payout.provider_reference);
    select p.* into v_payout from payouts p where p.id = v_payout.id;
  end if;
  if (v_payout.status, outcome) not in (
    ('planned', 'sent'), ('planned', 'paid'), ('planned', 'failed'), ('planned', 'unknown'), ('sent', 'paid'), ('sent', 'failed'),
    ('sent', 'unknown'), ('unknown', 'sent'), ('unknown', 'paid'), ('unknown', 'failed'), ('paid', 'returned')
  ) then
    return v_payout.status;
  end if;
  update payouts p
  set status = outcome, provider_reference = coalesce(p.provider_reference, settle_payout.provider_reference),
    failure_reason = settle_payout.failure_reason, paid_at = case when outcome = 'paid' then now() else p.paid_at end
  where p.id = v_payout.id;
  if outcome in ('failed', 'returned') then
    update transfers t set payout_id = null where t.payout_id = v_payout.id;
  end if;
  if outcome in ('paid', 'failed', 'returned') then
    perform book_balance(
      'payout_' || outcome, 'payout:' || v_payout.id, v_payout.id, v_payout.shop_id,
      case outcome when 'returned' then 'provider' else 'seller_in_transit' end,
      case outcome when 'paid' then 'provider' else 'seller_available' end,
      v_payout.amount
    );
  end if;
  return outcome;
end;
$$;
comment on function settle_payout(bigint, text, text, text) is
  'Applies what the provider says about a payout: sent, paid, failed, returned or unknown. Returns its status. SWNTF, SWINV.';
