-- Most hits are of no variant. Their text gets a field at its end, which costs less than to build the object again.
create or replace function hit_json(product json, variant_id bigint, images text[]) returns json
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if hit_json.variant_id is null then
    return (left(product::text, -1) || ', "variant_id" : null}')::json;
  end if;
  return (
    product::jsonb || jsonb_build_object(
      'variant_id', hit_json.variant_id,
      'images', to_jsonb(hit_json.images) || (
        select coalesce(jsonb_agg(i.url order by i.place), '[]')
        from jsonb_array_elements_text(product::jsonb -> 'images') with ordinality i (url, place)
        where i.url <> all (hit_json.images)
      )
    )
  )::json;
end;
$$;
comment on function hit_json(json, bigint, text[]) is
  'Renders a hit: a product, the variant that was searched, and the pictures of that variant before the others.';
