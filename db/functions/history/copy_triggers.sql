-- A statement-level trigger fires for writes to its table, but not for writes that name a partition. So each partition gets a
-- copy.
-- PostgreSQL itself copies row-level triggers.
create or replace function copy_triggers(parent regclass, partition regclass) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_statement text;
begin
  for v_statement in
    select copy.statement
    from pg_trigger t
    cross join lateral (
      select replace(
        replace(pg_get_triggerdef(t.oid), format(' ON public.%I ', parent::text), format(' ON public.%I ', partition::text)),
        'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'
      ) as statement
    ) copy
    where t.tgrelid = parent and not t.tgisinternal and t.tgtype & 1 = 0
      and not exists (
        select from pg_trigger p
        where p.tgrelid = partition and p.tgname = t.tgname
          and replace(pg_get_triggerdef(p.oid), 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER') = copy.statement
      )
    order by t.tgname
  loop
    execute v_statement;
  end loop;
end;
$$;
comment on function copy_triggers(regclass, regclass) is 'Gives a partition the missing statement-level triggers of its table.';
