create or replace function show_payout_account(shop_id bigint, user_id bigint)
returns table (provider text, reference text, country text, status text, requirements text[])
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(show_payout_account.shop_id, show_payout_account.user_id);
  return query
    select a.provider, a.reference, a.country, a.status, a.requirements
    from payout_accounts a
    where a.shop_id = show_payout_account.shop_id and a.provider = payout_provider();
  if not found then
    raise exception using errcode = 'SWNTF',
      message = 'The shop has no payout account. Open it with POST /v1/shops/{id}/payout-account.';
  end if;
end;
$$;
comment on function show_payout_account(bigint, bigint) is 'Returns the payout account of a shop for its owner. SWNTF, SWOWN.';
