-- The month in the ids of checkouts and orders finds the old rows without an index of their own. Two months, in case no worker
-- runs for one. Skips locked rows.
create or replace function forget_addresses(batch_size integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_until constant timestamptz := kept_since('addresses');
  v_first_id constant bigint := first_dated_id(v_until - interval '2 months');
  v_last_id constant bigint := last_dated_id(v_until);
  v_addresses integer;
  v_notes integer;
  v_texts integer;
begin
  with old as (
    select c.id from checkouts c
    where c.id between v_first_id and v_last_id and c.created_at < v_until and c.shipping_address - 'country' <> '{}'
    order by c.id
    limit batch_size
    for no key update skip locked
  )
  update checkouts c set shipping_address = jsonb_build_object('country', c.shipping_address -> 'country')
  from old where c.id = old.id;
  get diagnostics v_addresses = row_count;
  with old as (
    select o.id from orders o
    where o.id between v_first_id and v_last_id and o.created_at < v_until and num_nonnulls(o.note, o.gift_message) > 0
    order by o.id
    limit batch_size
    for no key update skip locked
  )
  update orders o set note = null, gift_message = null from old where o.id = old.id and o.id between v_first_id and v_last_id;
  get diagnostics v_notes = row_count;
  with old as (
    select oi.order_id, oi.id from order_items oi
    where oi.order_id between v_first_id and v_last_id and oi.personalization is not null
      and exists (select from orders o where o.id = oi.order_id and o.id between v_first_id and v_last_id and o.created_at < v_until)
    order by oi.order_id, oi.id
    limit batch_size
    for no key update of oi skip locked
  )
  update order_items oi set personalization = null
  from old
  where oi.order_id = old.order_id and oi.id = old.id and oi.order_id between v_first_id and v_last_id;
  get diagnostics v_texts = row_count;
  return greatest(v_addresses, v_notes, v_texts);
end;
$$;
comment on function forget_addresses(integer) is
  'Deletes up to batch_size old addresses of checkouts, except the country, as many notes of orders, and as many personalizations of '
  'their lines. Returns the largest number.';
