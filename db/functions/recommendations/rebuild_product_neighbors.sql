-- Item-to-item similarity: the cosine over the users who like both, shrunk by n / (n + 30), so that a pair with two common users
-- does not beat one with fifty, plus up to 0.05 for popular items. Without the last term, the recommendations were worse on the
-- shipped baskets (bun run recommendations). Readers see the old neighbors until this commits.
create or replace function rebuild_product_neighbors() returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
-- There are many pairs. The hash tables should stay in memory.
set work_mem = '256MB'
as $$
declare
  v_shrinkage constant double precision := 30;
  v_popularity_weight constant double precision := 0.05;
  v_neighbors constant integer := 20;
  v_rows bigint;
begin
  -- One run at a time. A concurrent run returns at once.
  if not pg_try_advisory_xact_lock(hashtextextended('rebuild_product_neighbors', 0)) then
    return 0;
  end if;
  delete from product_neighbors;
  with signals as materialized (
    select s.user_id, s.product_id from product_signals() s
  ),
  popularity as (
    select s.product_id, count(*) as people from signals s group by s.product_id
  ),
  pairs as (
    select a.product_id, b.product_id as neighbor_id, count(*) as together
    from signals a
    join signals b on b.user_id = a.user_id and b.product_id <> a.product_id
    group by a.product_id, b.product_id
  ),
  similarities as (
    select
      p.product_id, p.neighbor_id,
      p.together / sqrt(a.people::double precision * b.people) * (p.together / (p.together + v_shrinkage))
        + v_popularity_weight * b.people / (select max(most.people) from popularity most) as similarity
    from pairs p
    join popularity a on a.product_id = p.product_id
    join popularity b on b.product_id = p.neighbor_id
  ),
  ranked as (
    select s.*, row_number() over (partition by s.product_id order by s.similarity desc, s.neighbor_id) as place
    from similarities s
  )
  insert into product_neighbors (product_id, neighbor_id, similarity)
  select r.product_id, r.neighbor_id, r.similarity
  from ranked r
  where r.place <= v_neighbors;
  get diagnostics v_rows = row_count;
  return v_rows;
end;
$$;
comment on function rebuild_product_neighbors() is
  'Computes the 20 nearest listings of each listing from favorites and orders. Returns the number of stored pairs.';
