-- account: {country, holder_name, iban}, all optional. The country is final once the provider has opened the account; without one it
-- is that of the IBAN, or the United States. The row commits before the provider is asked, and its key there is the id of the shop, so
-- that a repeated call opens nothing twice. The bank details are for the payout file of the provider `manual`; they make the account
-- active, unless an operator has rejected it. Another IBAN in place of an earlier one is mailed to the owner, and payout files leave the
-- account out for three days. Any other provider asks the seller itself.
-- Locks: the shop, so that erasure and this call follow each other; then the account.
create or replace function open_payout_account(shop_id bigint, user_id bigint, account jsonb default '{}')
returns table (provider text, reference text, country text, status text, requirements text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_provider constant text := payout_provider();
  v_name constant text := account ->> 'holder_name';
  v_iban constant text := upper(regexp_replace(account ->> 'iban', '\s', '', 'g'));
  v_country constant text := account ->> 'country';
  v_earlier payout_accounts;
begin
  perform check_shop_owner(open_payout_account.shop_id, open_payout_account.user_id);
  perform from shops s where s.id = open_payout_account.shop_id for no key update;
  perform refuse_erased(open_payout_account.user_id);
  if v_provider <> 'manual' and coalesce(v_name, v_iban) is not null then
    perform refuse_field(case when v_iban is null then 'holder_name' else 'iban' end,
      'The payout provider asks for bank details itself, at the onboarding_url.');
  elsif (v_name is null) <> (v_iban is null) then
    perform refuse_field(case when v_iban is null then 'iban' else 'holder_name' end, 'Send holder_name and iban together.');
  elsif v_iban is not null then
    perform check_bank_account(v_name, v_iban);
  end if;
  select a.* into v_earlier from payout_accounts a
  where a.shop_id = open_payout_account.shop_id and a.provider = v_provider;
  if not exists (select from countries c where c.code = coalesce(v_country, 'US')) then
    perform refuse_field('country', 'The country must be an ISO 3166-1 code of two capital letters.');
  elsif v_provider = 'stripe' and v_country <> 'US' then
    perform refuse_field('country', 'Stripe pays out in US dollars here, so the country must be US, which it is if you send none.');
  elsif v_country <> left(coalesce(v_iban, v_earlier.iban), 2) then
    perform refuse_field('country', 'The country must be that of the IBAN. Leave it out.');
  end if;
  if v_iban <> v_earlier.iban then
    perform write_mail('payout_account_changed', open_payout_account.user_id);
  end if;
  return query
    insert into payout_accounts as a (shop_id, provider, country, holder_name, iban, status, requirements)
    values (
      open_payout_account.shop_id, v_provider, coalesce(v_country, left(v_iban, 2), 'US'), v_name, v_iban,
      case when v_iban is null then 'pending' else 'active' end,
      case when v_provider = 'manual' and v_iban is null then array['holder_name', 'iban'] else '{}' end
    )
    on conflict on constraint payout_accounts_pkey do update
    set holder_name = coalesce(excluded.holder_name, a.holder_name), iban = coalesce(excluded.iban, a.iban),
      bank_changed_at = case when excluded.iban <> a.iban then clock_timestamp() else a.bank_changed_at end,
      status = case when excluded.iban is null or a.status = 'rejected' then a.status else excluded.status end,
      requirements = case when excluded.iban is null or a.status = 'rejected' then a.requirements else excluded.requirements end,
      country = case
        when a.reference is null and (v_country is not null or excluded.iban is not null) then excluded.country
        else a.country
      end
    returning a.provider, a.reference, a.country, a.status, a.requirements;
end;
$$;
comment on function open_payout_account(bigint, bigint, jsonb) is
  'Opens the payout account of a shop for its owner, or returns it. The provider is asked afterwards. SWNTF, SWOWN, SWINV.';
