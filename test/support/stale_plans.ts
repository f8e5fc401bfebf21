/**
 * A program that any runtime runs: calls a function that takes a boolean, a bytea and a jsonb, reshapes it, calls it again, has PostgreSQL
 * forget the prepared statement, and calls it a third time, all on one connection to DATABASE_URL. Prints the three answers as JSON.
 */
import { openPool } from '../../src/platform/db/client.ts'

const sql = openPool(process.env.DATABASE_URL as string, { max: 1, name: 'stale plans', statement_timeout_ms: 10_000 })

/** Of the connection's own schema, so that nothing stays. */
const make = (columns: string, values: string) =>
  sql.unsafe(`
    drop function if exists pg_temp.echo(boolean, bytea, jsonb);
    create function pg_temp.echo(is_set boolean, hash bytea, facts jsonb) returns table (${columns})
    language sql as $$ select ${values} $$`)

const call = async () => [
  ...(await sql.unsafe('select * from pg_temp.echo($1, $2, $3)', [true, Buffer.from([1, 2]), { x: 1 }] as never[], {
    prepare: true,
  })),
]

await make('flag boolean, bytes text, kind text', `is_set, encode(hash, 'hex'), jsonb_typeof(facts)`)
const before = await call()
await make('flag boolean, bytes text, kind text, note text', `is_set, encode(hash, 'hex'), jsonb_typeof(facts), 'new'`)
const reshaped = await call()
await sql.unsafe('deallocate all')
const deallocated = await call()
console.log(JSON.stringify({ before, reshaped, deallocated }))
await sql.end()
