-- The order of the options does not matter: a seller can have the size before or after the color.
-- No search_path is set, so that the planner can inline the expression.
create or replace function option_pair(one text, other text) returns text
language sql immutable parallel safe
as $$
  select case when lower(one) collate "C" < lower(other) then one || E'\n' || other else other || E'\n' || one end
$$;
comment on function option_pair(text, text) is 'Two values "name:value" of one variant as one text.';
