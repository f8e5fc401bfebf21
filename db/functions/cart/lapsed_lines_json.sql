create or replace function lapsed_lines_json(user_id bigint) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(json_agg(json_build_object(
      'product_id', l.product_id, 'title', l.title, 'option_values', l.option_values, 'lapsed_at', to_rfc3339(l.lapsed_at)
    ) order by l.lapsed_at desc, l.product_id, l.stock_variant_id), '[]')
    from (
      select h.product_id, h.stock_variant_id, p.title, coalesce(v.option_values, '{}') as option_values, h.lapsed_at
      from holds h
      join products p on p.id = h.product_id
      left join variants v on v.id = nullif(h.stock_variant_id, 0)
      where h.user_id = lapsed_lines_json.user_id and h.lapsed_at > clock_timestamp() - interval '1 day'
      order by h.lapsed_at desc, h.product_id, h.stock_variant_id
      limit 200
    ) l
  );
end;
$$;
comment on function lapsed_lines_json(bigint) is
  'Renders the lines that a cart lost within a day because their hold lapsed, newest first.';
