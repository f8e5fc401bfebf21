-- Null keeps the trace that is set, because a caller with a trace may call a function without one.
create or replace function carry_trace(traceparent text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if carry_trace.traceparent is not null then
    perform set_config('stallwright.traceparent', carry_trace.traceparent, true);
  end if;
end;
$$;
comment on function carry_trace(text) is
  'Makes jobs that this transaction enqueues later part of a trace. traceparent has the format of W3C Trace Context.';
