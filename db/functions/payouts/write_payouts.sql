-- The caller has locked the balances of the shops. New statements read the open payouts and the transfers, so they see those that
-- committed while the caller waited. A conflict with an open payout would wait for its settlement, which waits for the balance.
-- A shop whose balance its transfers do not explain gets no payout, so that it stops no other shop: find_wrong_ledger returns it.
create or replace function write_payouts(shop_ids bigint[], requested_by bigint) returns table (payout_id bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payout payouts;
begin
  for v_payout in
    insert into payouts (shop_id, provider, amount, requested_by)
    select b.shop_id, next_payout_provider(b.shop_id), b.available, write_payouts.requested_by
    from shop_balances b
    where b.shop_id = any (shop_ids) and payout_obstacle(b.shop_id) is null
      and b.available = (select sum(t.amount) from transfers t where t.shop_id = b.shop_id and t.payout_id is null)
    order by b.shop_id
    returning *
  loop
    with claimed as (
      update transfers t set payout_id = v_payout.id where t.shop_id = v_payout.shop_id and t.payout_id is null returning t.id
    )
    insert into payout_items (payout_id, transfer_id) select v_payout.id, c.id from claimed c order by c.id;
    perform book_balance(
      'payout', 'payout:' || v_payout.id, v_payout.id, v_payout.shop_id, 'seller_available', 'seller_in_transit',
      v_payout.amount, v_payout.requested_by
    );
    if v_payout.provider <> 'manual' then
      perform enqueue_job('send_payout', jsonb_build_object('payout_id', v_payout.id));
    end if;
    payout_id := v_payout.id;
    return next;
  end loop;
end;
$$;
comment on function write_payouts(bigint[], bigint) is
  'Writes a payout of all that is available for each of these shops that can have one. Returns their ids.';
