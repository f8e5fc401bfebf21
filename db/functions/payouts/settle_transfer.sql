-- The only way from a provider's answer about a transfer to its row. The money of the shop does not change by it: the payout has
-- claimed it, and settle_payout books it. An outcome that changes nothing, or comes too late, is ignored:
--   done      the money is in the shop's account at the provider, or back from it
--   failed    the provider refused. A positive transfer is tried again by the next payout. A negative one is not: the payout is
--             lower by it already, so the shop has paid, and only the provider keeps the money in the account of the shop.
--   unknown   no clear answer
-- Returns the status. Locks: the transfer.
create or replace function settle_transfer(
  transfer_id bigint, outcome text, provider_reference text default null, failure_reason text default null
) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_status text;
begin
  if outcome is null or outcome not in ('done', 'failed', 'unknown') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not an outcome of a transfer.', outcome), detail = '{"field": "outcome"}';
  end if;
  update transfers t
  set status = outcome, provider_reference = coalesce(settle_transfer.provider_reference, t.provider_reference),
    failure_reason = settle_transfer.failure_reason
  where t.id = settle_transfer.transfer_id and t.status <> 'done' and t.status <> outcome
  returning t.status into v_status;
  if not found then
    select t.status into v_status from transfers t where t.id = settle_transfer.transfer_id;
    if not found then
      raise exception using errcode = 'SWNTF', message = 'There is no such transfer.';
    end if;
  end if;
  return v_status;
end;
$$;
comment on function settle_transfer(bigint, text, text, text) is
  'Applies what the provider says about a transfer: done, failed or unknown. Returns its status. SWNTF, SWINV.';
