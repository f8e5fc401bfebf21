-- A listing passes if one variant in stock has a wanted value of each name. The values of one name are alternatives. The first
-- colon ends the name. A listing has at most two options, so three names find nothing: an empty array.
create or replace function searched_options(options text[]) returns integer[]
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_names text[];
begin
  if options is null then
    return null;
  end if;
  if exists (select from unnest(options) o (choice) where o.choice !~ '^\s*[^:\s][^:]*:\s*\S') then
    raise exception using errcode = 'SWINV', message = 'An option is a name and a value with a colon between them, such as "Size:S".',
      detail = '{"field": "option"}';
  end if;
  v_names := array(select distinct lower(btrim(split_part(o.choice, ':', 1))) from unnest(options) o (choice));
  return (
    with wanted as (
      select lower(btrim(split_part(o.choice, ':', 1))) as name,
        btrim(split_part(o.choice, ':', 1)) || ':' || btrim(substr(o.choice, strpos(o.choice, ':') + 1)) as choice
      from unnest(options) o (choice)
    )
    select coalesce(array_agg(distinct k.key), '{}')
    from (
      select option_key(w.choice) as key from wanted w where cardinality(v_names) = 1
      union all
      select option_key(option_pair(w.choice, o.choice))
      from wanted w join wanted o on w.name = v_names[1] and o.name = v_names[2]
      where cardinality(v_names) = 2
    ) k
  );
end;
$$;
comment on function searched_options(text[]) is
  'The keys of which a listing must have one to pass the filter `option`; null for null. SWINV: not "name:value".';
