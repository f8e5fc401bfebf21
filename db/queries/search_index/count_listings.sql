-- How many listings are on the shelf: how far a build of the index has to go.
select count(*) as listings from products p where p.archived_at is null
