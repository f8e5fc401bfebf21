-- The owner receives a mail about a changed bank account. Three days are our choice: time to read it, before a stolen session has
-- the money.
create or replace function payout_file_obstacle(shop_id bigint) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_account payout_accounts;
begin
  select a.* into v_account from payout_accounts a where a.shop_id = payout_file_obstacle.shop_id and a.provider = 'manual';
  return case
    when v_account.iban is null then 'has given no bank account'
    when v_account.status <> 'active' then format('has a payout account that is %s', v_account.status)
    when v_account.bank_changed_at > clock_timestamp() - interval '3 days' then 'changed its bank account within three days'
  end;
end;
$$;
comment on function payout_file_obstacle(bigint) is
  'Returns why no payout file can have the payout of a shop now, as the end of a sentence about the shop; null if it can.';
