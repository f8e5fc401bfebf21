-- The only way from a provider's answer to the account of a shop. known_status: what the caller read before it asked. If a webhook
-- has changed it since, the answer is older, and changes nothing. Returns the status. Locks: the account.
create or replace function settle_payout_account(
  shop_id bigint, provider text, reference text, status text, requirements text[] default '{}', known_status text default null
) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_status text;
begin
  if status is null or status not in ('pending', 'active', 'restricted', 'rejected') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not a status of a payout account.', status), detail = '{"field": "status"}';
  end if;
  update payout_accounts a
  set reference = settle_payout_account.reference, status = settle_payout_account.status,
    requirements = settle_payout_account.requirements
  where a.shop_id = settle_payout_account.shop_id and a.provider = settle_payout_account.provider
    and a.status = coalesce(known_status, a.status)
  returning a.status into v_status;
  if not found then
    select a.status into v_status from payout_accounts a
    where a.shop_id = settle_payout_account.shop_id and a.provider = settle_payout_account.provider;
    if not found then
      raise exception using errcode = 'SWNTF', message = 'There is no such payout account.';
    end if;
  end if;
  return v_status;
end;
$$;
comment on function settle_payout_account(bigint, text, text, text, text[], text) is
  'Applies what the provider says about the account of a shop: its id, its status and what it still asks for. SWNTF, SWINV.';
