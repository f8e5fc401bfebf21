-- Addresses count as well as the profile, because people give other names to parcels. Words of fewer than 3 characters are left
-- out: they would match in any text. A pattern has at most 100 words, because PostgreSQL takes seconds to read one of thousands:
-- the parcels of a person can go to many others.
create or replace function person_patterns(user_id bigint) returns text[]
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(p.pattern), '{}')
  from (
    select '(?<!\w)(' || string_agg(regexp_replace(w.word, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|') || ')(?!\w)' as pattern
    from (
      select named.word, row_number() over (order by named.word) as place
      from (
        select unnest(array[u.email, u.display_name]) as word from users u where u.id = person_patterns.user_id
        union
        select unnest(array[c.shipping_address ->> 'name', c.shipping_address ->> 'line1'])
        from checkouts c where c.buyer_id = person_patterns.user_id
        union
        select unnest(array[a.name, a.line1]) from addresses a where a.user_id = person_patterns.user_id
      ) named
      where char_length(named.word) >= 3 and named.word <> 'Guest'
    ) w
    group by (w.place - 1) / 100
  ) p
$$;
comment on function person_patterns(bigint) is
  'Returns regular expressions that together match the e-mail, the names and the streets of a person in a text.';
