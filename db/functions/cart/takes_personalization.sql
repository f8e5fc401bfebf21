-- A cart line keeps its text, so the listing can have other rules than when the line was added. No search_path: inlined.
create or replace function takes_personalization(product products, personalization text) returns boolean
language sql immutable parallel safe
as $$
  select case
    when takes_personalization.personalization is null
      then product.personalization is null or not (product.personalization ->> 'is_required')::boolean
    else coalesce(
      char_length(takes_personalization.personalization) <= (product.personalization ->> 'max_length')::integer, false
    )
  end
$$;
comment on function takes_personalization(products, text) is
  'Whether a listing can be ordered with a text of the buyer, or with none (null).';
