-- No search_path is set, so that the planner can inline the expression: a page of search can compare thousands of variants.
create or replace function option_keys(names text[], option_values text[]) returns integer[]
language sql immutable parallel safe
as $$
  select case when names[2] is null or option_values[2] is null
    then array[option_key(names[1] || ':' || option_values[1])]
    else array[
      option_key(names[1] || ':' || option_values[1]),
      option_key(names[2] || ':' || option_values[2]),
      option_key(option_pair(names[1] || ':' || option_values[1], names[2] || ':' || option_values[2]))
    ] end
$$;
comment on function option_keys(text[], text[]) is
  'The keys of the values of one variant and, with two options, of the pair of them.';
