-- The partition is created beside its table and then attached, which alone blocks no other transaction. Foreign keys do: they
-- lock
-- the referenced and the referencing tables against writers for a moment.
create or replace function create_partition(parent regclass, month date) returns text
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_parent constant text := (select c.relname from pg_class c where c.oid = parent);
  v_partition constant text := v_parent || to_char(month, '_YYYYMM');
  v_next_month constant date := (month + interval '1 month')::date;
  v_holds_days constant boolean := exists (
    select from pg_attribute a join pg_partitioned_table pt on pt.partrelid = a.attrelid and pt.partattrs[0] = a.attnum
    where a.attrelid = parent and a.atttypid = 'date'::regtype
  );
begin
  if to_regclass(v_partition) is not null then
    return null;
  end if;
  execute format('create table %I (like %I including all)', v_partition, v_parent);
  execute format('comment on table %I is %L', v_partition, format('The part of %s of %s.', v_parent, to_char(month, 'YYYY-MM')));
  if v_parent = 'orders' then
    execute format(
      'alter table %I add constraint %I unique (checkout_id, shop_id)', v_partition, v_partition || '_checkout_id_shop_id_key'
    );
  end if;
  -- A source is always of one month (ledger_id), so this makes it unique in all partitions.
  if v_parent = 'ledger_transactions' then
    execute format('alter table %I add constraint %I unique (kind, source)', v_partition, v_partition || '_kind_source_key');
  end if;
  perform copy_triggers(parent, v_partition::regclass);
  execute format(
    'alter table %I attach partition %I for values from (%L) to (%L)', v_parent, v_partition,
    case when v_holds_days then month::text else to_char(month, 'YYYYMM') || '000000000' end,
    case when v_holds_days then v_next_month::text else to_char(v_next_month, 'YYYYMM') || '000000000' end
  );
  return v_partition;
end;
$$;
comment on function create_partition(regclass, date) is
  'Creates the partition of a table for a month, with its triggers and the unique keys of orders and of the ledger. Returns '
  'null if it exists.';
