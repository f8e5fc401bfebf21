-- Not products.has_variants: an import states it before it writes the variants.
create or replace function has_live_variants(product_id bigint) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (select from variants v where v.product_id = has_live_variants.product_id and v.archived_at is null);
end;
$$;
comment on function has_live_variants(bigint) is 'Whether a listing has variants that are not archived.';
