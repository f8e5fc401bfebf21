-- The stock of an action stays taken for 15 minutes at most, counted from the orders: the buyer has 14:45, and the worker 15 s to
-- cancel the charge. No search_path: inlined.
create or replace function action_deadline(c checkouts) returns timestamptz
language sql stable
as $$
  select c.created_at + interval '14 minutes 45 seconds'
$$;
comment on function action_deadline(checkouts) is 'Returns until when the buyer of a checkout can do an action, such as 3-D Secure.';
