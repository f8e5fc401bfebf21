-- A sale that leaves units of its variant writes nothing. A variant that sells out or comes back changes the values in stock, and
-- only a new value, or a variant that comes or goes, changes the words.
create or replace function tg_variants__index_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_changed record;
begin
  select
    array_agg(distinct n.product_id order by n.product_id) filter (
      where (o.option_values, o.archived_at is null) is distinct from (n.option_values, n.archived_at is null)
    ) as rewritten,
    array_agg(distinct n.product_id order by n.product_id) filter (
      where coalesce(o.quantity > 0, true) <> coalesce(n.quantity > 0, true)
    ) as restocked
  into v_changed
  from old_rows o join new_rows n on n.id = o.id;
  if v_changed.rewritten is not null then
    perform index_products(v_changed.rewritten);
  end if;
  if v_changed.restocked is not null then
    perform index_options(v_changed.restocked);
  end if;
  return null;
end;
$$;
comment on function tg_variants__index_updated() is
  'Brings the search index in step with changed variants: their values, and which of them are in stock.';

create or replace trigger variants__index_updated after update on variants
  referencing old table as old_rows new table as new_rows for each statement execute function tg_variants__index_updated();
