-- 202611000000012 and 3 become 2611000000012003: the transaction without its century, then the line. So it is an integer that
-- JavaScript holds exactly until 2090, and a person finds the entry by it. Line numbers of shops stay below 1,000: book_orders
-- numbers them first, and a cart has at most 200 lines.
-- No search_path: inlined.
create or replace function ledger_entry_id(transaction_id bigint, line_no smallint) returns bigint
language sql immutable parallel safe
as $$
  select (transaction_id - 200000000000000) * 1000 + line_no
$$;
comment on function ledger_entry_id(bigint, smallint) is 'Returns the id of a line of the ledger, as the API shows it.';
