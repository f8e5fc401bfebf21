-- No search_path: inlined.
create or replace function ledger_entry_json(e ledger_entries, kind text) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', ledger_entry_id(e.transaction_id, e.line_no),
    'kind', kind,
    'order_id', e.order_id,
    'amount', e.amount::text,
    'balance_kind', balance_kind(e.account),
    'created_at', to_rfc3339(e.created_at)
  )
$$;
comment on function ledger_entry_json(ledger_entries, text) is
  'Renders a line of the ledger for its shop, with the kind of its transaction. A gain of the shop is positive.';
