-- entries: what the provider made since `since`, as a list that began at listed_at: [{what, reference, amount, created_at}].
-- Nothing in flight differs: the provider's entries of the last hour are left out, and our rows that were planned in the last hour or
-- have changed since the list began. The first hour of the list is for clocks that differ. A transfer counts from its first payout,
-- because the provider cannot have made it before. A reversal that was made before the list began has a transfer that is not in it.
-- Security definer, because it reads tables that the worker does not.
create or replace function find_provider_differences(
  provider text, since timestamptz, listed_at timestamptz, entries jsonb
) returns table (what text, reference text, ours numeric, theirs numeric)
language sql stable security definer
set search_path = public, pg_temp
as $$
  with theirs as materialized (
    select e.what, e.reference, e.amount, e.created_at
    from jsonb_to_recordset(entries) e (what text, reference text, amount numeric, created_at timestamptz)
  ), planned as materialized (
    select i.transfer_id, min(p.created_at) as planned_at
    from payouts p join payout_items i on i.payout_id = p.id
    where p.provider = find_provider_differences.provider
    group by i.transfer_id
  ), ours as (
    select 'payout' as what, coalesce(p.provider_reference, 'payout_' || p.id) as reference, p.amount, p.created_at as planned_at,
      p.status in ('sent', 'paid', 'returned') and p.updated_at < listed_at as is_made
    from payouts p
    where p.provider = find_provider_differences.provider
    union all
    select case when t.amount > 0 then 'transfer' else 'reversal' end, coalesce(t.provider_reference, 'transfer_' || t.id),
      abs(t.amount), n.planned_at,
      t.status = 'done' and t.updated_at < listed_at and (
        t.amount > 0 or (
          select bool_and(f.provider_reference in (select l.reference from theirs l where l.what = 'transfer'))
          from transfers f
          where f.order_id = t.order_id and f.shop_id = t.shop_id and f.amount > 0 and f.status = 'done'
        )
      )
    from transfers t join planned n on n.transfer_id = t.id
  )
  select coalesce(o.what, l.what), coalesce(o.reference, l.reference), o.amount, l.amount
  from ours o full join theirs l on l.what = o.what and l.reference = o.reference
  where case
    when l.reference is null then
      o.is_made and o.planned_at >= since + interval '1 hour' and o.planned_at < listed_at - interval '1 hour'
    when o.reference is null then l.created_at < listed_at - interval '1 hour'
    else o.amount <> l.amount
  end
$$;
comment on function find_provider_differences(text, timestamptz, timestamptz, jsonb) is
  'Returns the transfers, reversals and payouts whose amounts differ between this database and the books of the provider. ours, theirs: '
  'null if one does not have it.';
