create or replace function dispute_json(d disputes) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select d.id, d.amount::text, d.status, d.reason, to_rfc3339(d.created_at) as created_at
    ) j
  );
end;
$$;
comment on function dispute_json(disputes) is 'Renders a dispute of a payment.';
