-- A function instead of a query, because a stranger gets SWOWN instead of an empty list. Both days are inclusive. Each call gets a
-- new plan, which reads no month after the last day. It reads all earlier months, because an entry lies in the month of its order.
create or replace function list_ledger(
  shop_id bigint, user_id bigint, from_day date, to_day date, after jsonb, page_size integer
) returns table (item json, cursor json)
language plpgsql stable
set search_path = public, pg_temp
set timezone = 'UTC'
set plan_cache_mode = force_custom_plan
as $$
declare
  v_from constant timestamptz := coalesce(from_day::timestamptz, '-infinity');
  v_until constant timestamptz := coalesce((to_day + 1)::timestamptz, 'infinity');
  v_last constant bigint := least(
    last_dated_id((to_day + 1)::timestamptz), last_dated_id((after ->> 0)::timestamptz), last_dated_id(now() + interval '1 day')
  );
begin
  perform check_shop_owner(list_ledger.shop_id, list_ledger.user_id);
  if from_day > to_day then
    perform refuse_field('from', '"from" must not be later than "to".');
  end if;
  return query
    with page as materialized (
      select e as entry
      from ledger_entries e
      where e.shop_id = list_ledger.shop_id and e.transaction_id <= v_last and e.created_at >= v_from and e.created_at < v_until
        and (after is null or (e.created_at, e.transaction_id, e.line_no) < (
          (after ->> 0)::timestamptz, (after ->> 1)::bigint, (after ->> 2)::smallint
        ))
      order by e.created_at desc, e.transaction_id desc, e.line_no desc
      limit page_size
    )
    select ledger_entry_json(p.entry, t.kind),
      json_build_array((p.entry).created_at, (p.entry).transaction_id, (p.entry).line_no)
    from page p
    join ledger_transactions t on t.id = (p.entry).transaction_id
    order by (p.entry).created_at desc, (p.entry).transaction_id desc, (p.entry).line_no desc;
end;
$$;
comment on function list_ledger(bigint, bigint, date, date, jsonb, integer) is
  'Returns the ledger entries of a shop for its owner, within these days, newest first. SWNTF, SWOWN, SWINV.';
