create or replace function option_keys(names text[], option_values text[]) returns integer[]
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
declare
  v_one constant text := names[1] || ':' || option_values[1];
  v_other constant text := names[2] || ':' || option_values[2];
begin
  if v_other is null then
    return array[option_key(v_one)];
  end if;
  return array[option_key(v_one), option_key(v_other), option_key(option_pair(v_one, v_other))];
end;
$$;
comment on function option_keys(text[], text[]) is
  'The keys of the values of one variant and, with two options, of the pair of them.';
