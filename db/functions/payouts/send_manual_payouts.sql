-- For a payout file of an operator. The planned payouts of the provider `manual` become `sent`, so that no second file pays them,
-- and keep the bank account of this moment. A payout that cannot be in the file stays planned. One whose shop owes money by now, after
-- a refund or a dispute, fails instead: the next payout is less by the debt.
-- again: the file_id of a file that was lost. It comes again with the payouts and bank accounts that it had. If one of them has ended,
-- the bank has had the file, so it is refused. The id of a file is that of one of its payouts, so it is of no other file.
-- Returns the payouts of the file, with total, their sum; and with a remark alone those that are not in it.
-- Locks: the payouts by shop, each followed by its account, and by its balance if it fails.
create or replace function send_manual_payouts(again text default null)
returns table (
  payout_id bigint, holder_name text, iban text, shop_id bigint, amount numeric, created_at timestamptz, file_id text, total numeric,
  remark text
)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payout payouts;
  v_owed numeric;
  v_obstacle text;
  v_file_id text := again;
begin
  if payouts_are_paused() then
    raise exception using errcode = 'SWPHL', message = 'Payouts are paused. Restart the server without PAYOUTS_PAUSED first.';
  end if;
  for v_payout in
    select p.* from payouts p
    where p.provider = 'manual' and case when again is null then p.status = 'planned' else p.file_id = again end
    order by p.shop_id
    for no key update
  loop
    if v_payout.status not in ('planned', 'sent') then
      raise exception using errcode = 'SWINV', detail = '{"field": "again"}',
        message = format('Payout %s of the file is %s, so the bank has had the file.', v_payout.id, v_payout.status);
    end if;
    continue when v_payout.status = 'sent';
    perform from payout_accounts a where a.shop_id = v_payout.shop_id and a.provider = 'manual' for share;
    select -b.available into v_owed from shop_balances b where b.shop_id = v_payout.shop_id;
    v_obstacle := payout_file_obstacle(v_payout.shop_id);
    if v_owed > 0 then
      perform settle_payout(v_payout.id, 'failed', null, 'the shop owes money');
      remark := format('Payout %s has failed: shop %s owes $%s. Its next payout is less by it.', v_payout.id, v_payout.shop_id, v_owed);
    elsif v_obstacle is not null then
      remark := format('Payout %s waits: shop %s %s.', v_payout.id, v_payout.shop_id, v_obstacle);
    else
      v_file_id := coalesce(v_file_id, 'payouts-' || v_payout.id);
      perform settle_payout(v_payout.id, 'sent');
      update payouts p set file_id = v_file_id, holder_name = a.holder_name, iban = a.iban
      from payout_accounts a
      where p.id = v_payout.id and a.shop_id = p.shop_id and a.provider = 'manual';
      continue;
    end if;
    payout_id := v_payout.id;
    shop_id := v_payout.shop_id;
    amount := v_payout.amount;
    created_at := v_payout.created_at;
    return next;
  end loop;
  if again is not null and not found then
    raise exception using errcode = 'SWNTF', message = format('There is no payout file %s.', again);
  end if;
  return query
    select p.id, p.holder_name, p.iban, p.shop_id, p.amount, p.created_at, p.file_id, sum(p.amount) over (), null::text
    from payouts p where p.file_id = v_file_id order by p.id;
end;
$$;
comment on function send_manual_payouts(text) is
  'Returns the payouts that an operator pays by a file, which are sent now, and remarks about others. SWPHL, SWNTF, SWINV.';
