create or replace function refuse_settled(checkout checkouts) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWCHK',
    message = format('The checkout is already %s. It can no longer be cancelled.', checkout.status),
    detail = json_build_object('checkout_status', checkout.status);
end;
$$;
comment on function refuse_settled(checkouts) is 'Refuses to cancel a checkout that is settled. SWCHK.';
