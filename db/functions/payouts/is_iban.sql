-- ISO 13616: with the first four characters at the end, and A to Z as 10 to 35, the number is 1 modulo 97.
create or replace function is_iban(iban text) returns boolean
language sql immutable strict parallel safe
set search_path = public, pg_temp
as $$
  select case
    when iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'
      and exists (select from iban_lengths() l where l.country = left(iban, 2) and l.length = char_length(iban))
    then (
      select string_agg(
        case when c.letter ~ '[0-9]' then c.letter else (ascii(c.letter) - 55)::text end, '' order by c.place
      )::numeric % 97
      from string_to_table(substr(iban, 5) || left(iban, 4), null) with ordinality c (letter, place)
    ) = 1
    else false
  end
$$;
comment on function is_iban(text) is
  'Returns whether a text without spaces is an IBAN with the length of its country and right check digits.';
