-- errors: the `errors` of the problem, or null if no line is at fault.
create or replace function refuse_refund(o orders, message text, errors json default null) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWRFX', message = refuse_refund.message,
    detail = json_strip_nulls(json_build_object('refundable', (o.total - o.refunded)::text, 'errors', errors));
end;
$$;
comment on function refuse_refund(orders, text, json) is 'Raises SWRFX with the amount that can still be refunded.';
