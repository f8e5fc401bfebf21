-- lines: rows of lines_to_order. The problem names every line that cannot be ordered, in the order of the cart. Its code is
-- that of the first. Raises nothing if all lines can be ordered.
create or replace function refuse_lines(lines jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_first jsonb;
  v_errors jsonb;
begin
  select
    jsonb_agg(l.line order by (l.line ->> 'shop_id')::bigint, (l.line ->> 'line_id')::bigint) -> 0,
    jsonb_agg(jsonb_build_object(
      'pointer', l.line -> 'pointer', 'detail', unavailable_message(l.line), 'line_id', l.line -> 'line_id',
      'product_id', l.line -> 'product_id', 'code', l.line -> 'unavailable_reason'
    ) order by (l.line ->> 'shop_id')::bigint, (l.line ->> 'line_id')::bigint)
  into v_first, v_errors
  from jsonb_array_elements(refuse_lines.lines) as l (line)
  where l.line ->> 'unavailable_reason' is not null;
  if v_first is not null then
    perform refuse_line(v_first, v_errors);
  end if;
end;
$$;
comment on function refuse_lines(jsonb) is
  'Refuses a cart with lines that cannot be ordered, and names each of them. SWSTK, SWRES, SWVAC, SWOWI, SWPER, SWDST.';
