-- Banks reject a whole file for one name. So a name has letters, marks and digits of any script, spaces, and the punctuation that
-- ISO 20022 knows in names of people and companies. It has no control, format or private character, no symbol and no emoji. By the
-- ranges of Unicode instead of [:alpha:], which depends on the collation. The format characters U+200C and U+200D are part of
-- Persian and Indic names.
create or replace function is_holder_name(name text) returns boolean
language sql immutable strict parallel safe
set search_path = public, pg_temp
as $$
  select name ~ ('^[' || l.letters || ' .,''()&/+:\u200C\u200D\u2010\u2011\u2013\u2019-]{1,70}$') and name ~ ('[' || l.letters || ']')
  from (
    values (
      'A-Za-z0-9\u00AA\u00B7\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u0377\u037A-\u037D\u0384-\u0481\u0483-\u058A\u0591-\u05FF'
      || '\u0610-\u061A\u0620-\u06DC\u06DF-\u070D\u0710-\u088E\u0890-\u08E1\u08E3-\u0E3E\u0E40-\u167F\u1681-\u180D\u180F-\u1FFF'
      || '\u2C00-\u2DFF\u3005-\u3007\u3041-\u318F\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\uA48C\uA4D0-\uABFF\uAC00-\uD7FB'
      || '\uF900-\uFDCF\uFE20-\uFE2F\uFE70-\uFEFC\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC'
      || '\U00010280-\U00011FFF\U0001E900-\U0001E95F\U00020000-\U000323AF'
    )
  ) l (letters)
$$;
comment on function is_holder_name(text) is
  'Returns whether a text can be the name of a holder of a bank account: letters, digits, spaces and . , '' ’ - & ( ) / + :.';
