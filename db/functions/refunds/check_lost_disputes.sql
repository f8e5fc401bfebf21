create or replace function check_lost_disputes(p payments) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_lost constant numeric := (
    select coalesce(sum(d.amount), 0) from disputes d where d.payment_id = p.id and d.status = 'lost'
  );
begin
  if v_lost > 0 and p.refunded > p.amount - v_lost then
    raise exception using errcode = 'SWDSP',
      message = format('The bank gave $%s of the payment back to the buyer, so less of it can be refunded.', v_lost);
  end if;
end;
$$;
comment on function check_lost_disputes(payments) is
  'Refuses refunds of a payment that, with what lost disputes gave back, exceed it. SWDSP.';
