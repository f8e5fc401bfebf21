create or replace function find_payment(provider text, reference text) returns payments
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select p from payments p
    where p.provider = find_payment.provider and p.provider_reference = find_payment.reference
    order by p.id limit 1
  );
end;
$$;
comment on function find_payment(text, text) is 'Returns the payment of a provider''s charge, or null.';
