-- No search_path: inlined.
create or replace function delivery_json(delivery_from date, delivery_to date) returns json
language sql stable parallel safe
as $$
  select case when delivery_to is not null then json_build_object('from', delivery_from, 'to', delivery_to) end
$$;
comment on function delivery_json(date, date) is 'Renders an estimated delivery; null if it is not known.';
