-- The only way from a provider's answer to the account of a shop. Locks: the account.
create or replace function settle_payout_account(
  shop_id bigint, provider text, reference text, status text, requirements text[] default '{}'
) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if status is null or status not in ('pending', 'active', 'restricted', 'rejected') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not a status of a payout account.', status), detail = '{"field": "status"}';
  end if;
  update payout_accounts a
  set reference = settle_payout_account.reference, status = settle_payout_account.status,
    requirements = settle_payout_account.requirements
  where a.shop_id = settle_payout_account.shop_id and a.provider = settle_payout_account.provider;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such payout account.';
  end if;
  return status;
end;
$$;
comment on function settle_payout_account(bigint, text, text, text, text[]) is
  'Applies what the provider says about the account of a shop: its id, its status and what it still asks for. SWNTF, SWINV.';
