-- Suggests categories and shops to open instead of a search. Their names begin like the typed text, or would except for one typo.
-- Only those with something in stock count, so that no suggestion leads to an empty page.
create or replace function suggest_places(q text, page_size integer) returns table (categories json, shops json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with typed as (
      select left(lower(trim(suggest_places.q)), 40) as beginning
    ),
    patterns as (
      select regexp_replace(t.beginning, '([\\%_])', '\\\1', 'g') || '%' as pattern, 0 as slips
      from typed t
      where char_length(t.beginning) >= 2
      union all
      select s.pattern, 1
      from typed t
      cross join unnest(slip_patterns(t.beginning)) s (pattern)
      where char_length(t.beginning) between 4 and 20
    ),
    found_categories as (
      select c.slug, c.name, min(p.slips) as slips
      from patterns p
      join categories c on lower(c.name) like p.pattern
      where exists (
        select from categories_below(c.slug) b
        join products i on i.category_id = b.category_id
        where i.quantity > 0 and i.archived_at is null
      )
      group by c.id
      order by min(p.slips), c.name, c.slug
      limit page_size
    ),
    found_shops as (
      select s.id, s.name, s.sales_count, min(p.slips) as slips
      from patterns p
      join shops s on lower(s.name) like p.pattern
      where not s.is_on_vacation
        and exists (select from products i where i.shop_id = s.id and i.quantity > 0 and i.archived_at is null)
      group by s.id
      order by min(p.slips), s.sales_count desc, s.id
      limit page_size
    )
    select
      (
        select coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.name) order by c.slips, c.name, c.slug), '[]')
        from found_categories c
      ),
      (
        select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name) order by s.slips, s.sales_count desc, s.id), '[]')
        from found_shops s
      );
end;
$$;
comment on function suggest_places(text, integer) is
  'Categories and shops whose names begin like the typed text; one typo is forgiven.';
