-- Columns of later migrations cannot be named by a trigger (db/README.md), so it compares whole rows, without their personalization.
create or replace function tg_order_items__refuse_rewrite() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if exists (
    select from written w
    where w.personalization is not null
      or not exists (
        select from replaced r
        where r.order_id = w.order_id and r.id = w.id and to_jsonb(r) - 'personalization' = to_jsonb(w) - 'personalization'
      )
  ) then
    raise exception using errcode = 'SWAPP',
      message = 'order_items is append-only: only the personalization of a line can be deleted.';
  end if;
  return null;
end;
$$;
comment on function tg_order_items__refuse_rewrite() is
  'Refuses to change a line of an order, except that its personalization becomes null (SWAPP).';

create or replace trigger order_items__refuse_rewrite after update on order_items
  referencing old table as replaced new table as written for each statement execute function tg_order_items__refuse_rewrite();
