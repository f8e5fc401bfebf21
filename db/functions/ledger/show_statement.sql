-- month: 2026-11, in UTC. Lines end with CR LF (RFC 4180). No cell holds a text that a person wrote, so no program that opens the
-- file can take one for a formula. Each call gets a new plan, which reads no later month.
create or replace function show_statement(shop_id bigint, user_id bigint, month text) returns table (body text)
language plpgsql stable
set search_path = public, pg_temp
set timezone = 'UTC'
set plan_cache_mode = force_custom_plan
as $$
declare
  v_from constant timestamptz := (month || '-01')::date::timestamptz;
  v_until constant timestamptz := v_from + interval '1 month';
  v_last constant bigint := last_dated_id(v_from);
begin
  perform check_shop_owner(show_statement.shop_id, show_statement.user_id);
  return query
    with lines as (
      select e.*, t.kind, case when t.source ^@ 'payout:' then split_part(t.source, ':', 2) end as payout_id,
        sum(e.amount) filter (where e.account = 'seller_pending') over so_far as pending,
        sum(e.amount) filter (where e.account = 'seller_available') over so_far as available,
        sum(e.amount) filter (where e.account = 'seller_in_transit') over so_far as in_transit
      from ledger_entries e
      join ledger_transactions t on t.id = e.transaction_id
      where e.shop_id = show_statement.shop_id and e.created_at >= v_from and e.created_at < v_until
        and e.transaction_id <= v_last and t.id <= v_last
      window so_far as (order by e.created_at, e.transaction_id, e.line_no)
    )
    select E'id,created_at,kind,order_id,payout_id,balance,amount,sum_pending,sum_available,sum_in_transit\r\n' || coalesce(
      string_agg(
        format(
          E'%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n', ledger_entry_id(l.transaction_id, l.line_no), to_rfc3339(l.created_at), l.kind,
          l.order_id, l.payout_id, balance_kind(l.account), l.amount, coalesce(l.pending, 0.00), coalesce(l.available, 0.00),
          coalesce(l.in_transit, 0.00)
        ),
        '' order by l.created_at, l.transaction_id, l.line_no
      ),
      ''
    )
    from lines l;
end;
$$;
comment on function show_statement(bigint, bigint, text) is
  'Returns the ledger entries of a shop in a month as CSV for its owner, oldest first, with the sums of the month so far. SWNTF, '
  'SWOWN.';
