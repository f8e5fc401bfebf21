create or replace function show_given_up(checkout_id bigint, user_id bigint) returns table (body json)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_checkout checkouts;
begin
  select c.* into v_checkout from checkouts c
  where c.id = show_given_up.checkout_id and c.buyer_id = show_given_up.user_id;
  if v_checkout.status = 'paid' then
    perform refuse_settled(v_checkout);
  end if;
  return query select checkout_json(v_checkout.id);
end;
$$;
comment on function show_given_up(bigint, bigint) is
  'Renders a checkout that its buyer has given up. SWCHK: the provider had charged it before.';
