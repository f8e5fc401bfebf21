-- How far the primary's log has come: whoever reads up to here reads all that has been answered so far. As bytes, so that it compares.
-- The place for the next record comes after the header of its page, if that is new, where a replica that has everything has not been:
-- 40 bytes in the first page of a file and 24 in others (access/xlog_internal.h), a place where no record can end.
select p.position - case
  when p.position % pg_size_bytes(current_setting('wal_segment_size')) = 40 then 40
  when p.position % current_setting('wal_block_size')::bigint = 24 then 24
  else 0
end as position
from (select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint as position) p
