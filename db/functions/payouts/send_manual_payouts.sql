-- For a payout file of an operator: planned payouts of the provider `manual` whose shops have given a bank account become `sent`, so
-- that no second file pays them again. again: returns those that are sent already instead, for a file that was lost.
-- total: the sum of the file. Payouts without a bank account come last, with iban null, and stay planned.
-- Locks: the payouts by id.
create or replace function send_manual_payouts(again boolean default false)
returns table (
  payout_id bigint, shop_id bigint, holder_name text, iban text, amount numeric, created_at timestamptz, total numeric
)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query
    with listed as materialized (
      select p.id, p.shop_id, a.holder_name, a.iban, p.amount, p.created_at
      from payouts p
      left join payout_accounts a on a.shop_id = p.shop_id and a.provider = p.provider
      where p.provider = 'manual' and p.status = case when again then 'sent' else 'planned' end
      order by p.id
      for no key update of p
    ),
    settled as materialized (
      select l.id, case when l.iban is not null then settle_payout(l.id, 'sent') end as status from listed l
    )
    select l.id, l.shop_id, l.holder_name, l.iban, l.amount, l.created_at,
      sum(l.amount) filter (where l.iban is not null) over ()
    from listed l
    join settled s on s.id = l.id
    order by l.iban is null, l.id;
end;
$$;
comment on function send_manual_payouts(boolean) is
  'Returns the payouts that an operator pays by a file, which are sent now, and those whose shops have no bank account yet.';
