-- The caller has locked the product.
create or replace function check_personalization(product products, personalization text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_rule constant jsonb := product.personalization;
  v_message text;
begin
  if check_personalization.personalization is null then
    if not takes_personalization(product, null) then
      raise exception using errcode = 'SWPER',
        message = format('"%s" needs a personalization: %s', product.title, v_rule ->> 'instructions'),
        detail = json_build_object('success', false, 'product_id', product.id, 'field', 'personalization');
    end if;
    return;
  end if;
  v_message := case
    when v_rule is null then format('"%s" takes no personalization.', product.title)
    when personalization !~ '\S' then 'The personalization is blank. Write a text or leave it out.'
    when not takes_personalization(product, personalization)
      then format('The personalization must have at most %s characters.', v_rule ->> 'max_length')
  end;
  if v_message is not null then
    raise exception using errcode = 'SWINV', message = v_message, detail = '{"field": "personalization"}';
  end if;
end;
$$;
comment on function check_personalization(products, text) is
  'Refuses a text that the listing does not take (SWINV), and a missing one that it needs (SWPER).';
