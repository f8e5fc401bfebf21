-- processing_profile_id: the profile of a listing, or of one of its variants; null without one. field: the field of the call that
-- an error names. The lock keeps the readiness of
-- the profile until the listing is written (change_processing_profile). Locks: the profile, for share, after the product.
create or replace function check_processing_profile(
  processing_profile_id bigint, shop_id bigint, is_vintage boolean, field text default 'processing_profile_id'
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_readiness text;
begin
  if processing_profile_id is null then
    return;
  end if;
  select pp.readiness into v_readiness from processing_profiles pp
  where pp.id = check_processing_profile.processing_profile_id and pp.shop_id = check_processing_profile.shop_id
  for share;
  if not found then
    perform refuse_field(field, 'The shop has no such processing profile.');
  elsif is_vintage and v_readiness = 'made_to_order' then
    perform refuse_field(field, 'A vintage item cannot be made to order. Choose a profile that is ready_to_ship.');
  end if;
end;
$$;
comment on function check_processing_profile(bigint, bigint, boolean, text) is
  'Rejects a processing profile of another shop, and one that is made to order for a vintage listing. SWINV.';
