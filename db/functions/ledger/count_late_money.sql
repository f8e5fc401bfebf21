-- failing: the next plan claims the same transfers, so it fails, too, until somebody has looked at it.
-- overdue: orders in the ledger whose earnings are due for more than a day. updated_at is a little late after a refund, never early.
create or replace function count_late_money() returns table (
  stuck_payouts integer, unknown_payouts integer, failing_shops integer, overdue_earnings integer
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_shipped_days constant integer := days_until_release('shipped');
  v_delivered_days constant integer := days_until_release('delivered');
  -- As in release_earnings.
  v_first constant bigint := (select min(e.order_id) from ledger_entries e where e.order_id is not null);
begin
  return query
    select p.stuck, p.unknown, (
        select count(*)::integer from payouts f
        where f.status = 'failed' and not exists (select from payouts n where n.shop_id = f.shop_id and n.id > f.id) and (
          select b.status from payouts b where b.shop_id = f.shop_id and b.id < f.id order by b.id desc limit 1
        ) = 'failed'
      ), (
        select count(*)::integer from orders o
        where o.released_at is null and o.status in ('shipped', 'delivered') and o.id >= v_first
          and o.updated_at
            < now() - make_interval(days => 1 + case o.status when 'delivered' then v_delivered_days else v_shipped_days end)
          and exists (select from ledger_entries e where e.order_id = o.id and is_in_month_of(e.transaction_id, o.id))
          and not exists (select from order_holds h where h.order_id = o.id and h.ended_at is null)
      )
    from (
      select
        count(*) filter (where is_stuck_payout(p.status, p.provider, p.shop_id, p.created_at, p.problem))::integer as stuck,
        count(*) filter (where p.status = 'unknown')::integer as unknown
      from payouts p where p.status in ('planned', 'sent', 'unknown') or p.problem is not null
    ) p;
end;
$$;
comment on function count_late_money() is
  'Counts payouts that are stuck, payouts of unknown outcome, shops whose last two payouts failed, and orders whose earnings '
  'have been due for more than a day.';
