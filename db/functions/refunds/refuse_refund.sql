create or replace function refuse_refund(o orders, message text) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWRFX', message = refuse_refund.message,
    detail = json_build_object('refundable', (o.total - o.refunded)::text);
end;
$$;
comment on function refuse_refund(orders, text) is 'Raises SWRFX with the amount that can still be refunded.';
