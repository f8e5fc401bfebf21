-- Addresses count as well as the profile, because people give other names to parcels. Words of fewer than 3 characters are left
-- out: they would match in any text.
create or replace function person_pattern(user_id bigint) returns text
language sql stable
set search_path = public, pg_temp
as $$
  select '(?<!\w)(' || string_agg(distinct regexp_replace(w.word, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|') || ')(?!\w)'
  from (
    select unnest(array[u.email, u.display_name]) as word from users u where u.id = person_pattern.user_id
    union all
    select unnest(array[c.shipping_address ->> 'name', c.shipping_address ->> 'line1'])
    from checkouts c where c.buyer_id = person_pattern.user_id
    union all
    select unnest(array[a.name, a.line1]) from addresses a where a.user_id = person_pattern.user_id
  ) w
  where char_length(w.word) >= 3 and w.word <> 'Guest'
$$;
comment on function person_pattern(bigint) is
  'Returns a regular expression that matches the e-mail, the names and the streets of a person in a text.';
