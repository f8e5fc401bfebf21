-- The filter of a search reads upper and lower case alike, so the names and the values of a listing must differ without it.
create or replace function check_options(options jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_place integer;
begin
  if jsonb_array_length(options) > 2 then
    perform refuse_field('options', 'A listing can have two options.');
  end if;
  if lower(options -> 0 ->> 'name') = lower(options -> 1 ->> 'name') then
    perform refuse_field('options/1/name', 'The two options need different names. Upper and lower case are equal.');
  end if;
  select (o.ordinality - 1)::integer into v_place
  from jsonb_array_elements(options) with ordinality o
  where strpos(o.value ->> 'name', ':') > 0
  limit 1;
  if found then
    -- The filter `option=Size:S` ends the name at the first colon.
    perform refuse_field(format('options/%s/name', v_place), 'The name of an option has no colon.');
  end if;
  select (o.ordinality - 1)::integer into v_place
  from jsonb_array_elements(options) with ordinality o
  where jsonb_array_length(o.value -> 'values') not between 1 and 70
    or jsonb_array_length(o.value -> 'values')
      <> (select count(distinct lower(v.value)) from jsonb_array_elements_text(o.value -> 'values') v)
  limit 1;
  if found then
    perform refuse_field(format('options/%s/values', v_place), 'An option has 1 to 70 different values. Upper and lower case are equal.');
  end if;
end;
$$;
comment on function check_options(jsonb) is
  'Refuses more than two options, equal names, a name with a colon, and an option that has not 1 to 70 different values, upper and '
  'lower case being equal. SWINV.';
