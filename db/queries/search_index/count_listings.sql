-- The number of listings that are not archived: the total work of a build of the index.
select count(*) as listings from products p where p.archived_at is null
