-- An option value is compared without case. A number is shorter than the text, and equal texts always have equal numbers. Two
-- texts share a number once in four billion; a search then finds a listing too many. `bun run reindex` computes all keys again.
-- No search_path is set, so that the planner can inline the expression.
create or replace function option_key(choice text) returns integer
language sql immutable parallel safe
as $$
  select hashtext(lower(choice))
$$;
comment on function option_key(text) is 'The number of "name:value", or of two of them, by which searches compare option values.';
