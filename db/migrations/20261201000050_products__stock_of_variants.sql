-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- The trigger is of a migration and not of db/functions, because the functions of the previous version do not know variants, and
-- its deploy after a rollback keeps this trigger. That version would sell units without taking them from a variant. The owner
-- reads the variants, because that deploy also takes the rights on them from its roles.
create function tg_products__check_stock() returns trigger language plpgsql volatile security definer
set search_path = public, pg_temp as $$
declare
  v_title text;
begin
  select p.title into v_title from products p
  where p.id = new.id and p.stock_by = 'variant' and p.quantity is distinct from (
    select sum(v.quantity) from variants v where v.product_id = p.id and v.archived_at is null
  );
  if found then
    raise exception using errcode = 'SWSTK',
      message = format('Each variant of "%s" has its own stock. The quantity of the listing is their sum.', v_title),
      detail = json_build_object('success', false, 'product_id', new.id);
  end if;
  return null;
end;
$$;
comment on function tg_products__check_stock() is
  'Refuses, at commit, a listing with stock_by variant whose quantity is not the sum of its variants (SWSTK).';
revoke all on function tg_products__check_stock() from public;
create constraint trigger products__check_stock after insert or update of quantity, stock_by on products
  deferrable initially deferred for each row when (new.stock_by = 'variant') execute function tg_products__check_stock();

-- migrate:down
drop trigger products__check_stock on products;
drop function tg_products__check_stock();
