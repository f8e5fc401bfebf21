create or replace function refuse_field(field text, message text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWINV', message = refuse_field.message, detail = json_build_object('field', refuse_field.field);
end;
$$;
comment on function refuse_field(text, text) is 'Refuses a value of the input by the name of its field. SWINV.';
