-- Raises a readable message before the constraint would fail. Null means that the shop states nothing.
create or replace function check_return_policy(return_policy jsonb) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if ((return_policy ->> 'accepts_returns')::boolean or (return_policy ->> 'accepts_exchanges')::boolean)
    <> (return_policy ->> 'days' is not null)
  then
    raise exception using errcode = 'SWINV', detail = '{"field": "return_policy/days"}',
      message = 'days must be a number if the shop accepts returns or exchanges, and null if it accepts neither.';
  end if;
end;
$$;
comment on function check_return_policy(jsonb) is
  'Rejects a return policy with days but without returns and exchanges, or the other way round. SWINV.';
