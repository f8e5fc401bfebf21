-- Whether the ledger adds up, in one snapshot. Each row is a fault: what is compared, of which transaction, shop, payout or order,
-- and the two amounts in US dollars.
-- Normal: no row. The database refuses the first three by itself; a row of the others is a fault of the service: stop payouts
-- (`PAYOUTS_PAUSED=true`), and compare the entries of the order or shop with docs/MONEY.md.
select what, id, expected, actual from find_wrong_ledger() order by what, id;
