/** Bounds what callers may leave unfinished: bodies that do not come to an end, and uploads with the memory that they take. */
import type { Context } from 'hono'
import { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { createSlots, type Slots } from './slots.ts'
import { openUploadMemory, type UploadMemory, type UploadRoom } from './upload_memory.ts'

/** For an account, and for an address of callers who are not signed in. A client that sends whole bodies never takes one of these places. */
const MAX_UNFINISHED = 16
/** For an address whose callers are signed in, all together: many accounts behind one address are often those of strangers. */
const MAX_UNFINISHED_OF_ADDRESS = 128
/** Uploads of an account at a time: one is decoded while others arrive. */
const MAX_UPLOADS = 4
/** For all uploads of this process, from their first byte to their answer: the memory of a small machine, so no scale multiplies it. */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024
/** 20 MiB at 1.4 Mbit/s. */
export const MAX_UPLOAD_MS = 120_000
/** What an upload takes of that for each of its bytes: it is there twice while its pieces are put together. */
const MEMORY_PER_BYTE = 1.5
/** A body that came with its headers is read within this time, however many come at once. */
const GRACE_MS = 250

export type Intake = {
  unfinished: Slots
  unfinished_of_address: Slots
  uploads: Slots
  upload_memory: UploadMemory
  password_changes: Slots
}

/** `scale` multiplies what an account and an address may have; neither the memory nor the one change of a password at a time. */
export function openIntake(scale: number): Intake {
  const slots = (count: number) => createSlots(Math.max(1, Math.round(count * scale)))
  return {
    unfinished: slots(MAX_UNFINISHED),
    unfinished_of_address: slots(MAX_UNFINISHED_OF_ADDRESS),
    uploads: slots(MAX_UPLOADS),
    upload_memory: openUploadMemory(MAX_UPLOAD_BYTES),
    password_changes: createSlots(1),
  }
}

/**
 * Waits for a body that is being collected. 408 when it takes longer than `within_ms`; 429 when it is still unfinished after a moment and
 * its account, or the address of who is not signed in, has 16 of these already; what `signal` aborts with.
 */
export async function awaitBody<T>(c: Context<Env>, within_ms: number, collected: Promise<T>, signal?: AbortSignal): Promise<T> {
  const refused = Promise.withResolvers<never>()
  const giveWay = () => refused.reject(signal?.reason)
  signal?.addEventListener('abort', giveWay, { once: true })
  let release = () => {}
  let timer = setTimeout(() => {
    const giveBack = takeUnfinished(c)
    if (!giveBack) return refused.reject(tooManyUnfinished())
    release = giveBack
    timer = setTimeout(() => refused.reject(tooSlow(within_ms)), within_ms - GRACE_MS)
  }, GRACE_MS)
  try {
    return await Promise.race([collected, refused.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveWay)
    release()
  }
}

/**
 * Has an upload of at most so many bytes run to its answer, with the room that it has: 429 for an account that has four already, 503 when
 * memory is short.
 */
export async function admitUpload<T>(c: Context<Env>, max_bytes: number, run: (room: UploadRoom) => Promise<T>): Promise<T> {
  const { uploads, upload_memory } = c.get('intake')
  const user_id = c.get('user_id')
  const release = uploads.take([`user:${user_id}`])
  if (!release) throw tooManyAtOnce('Too many uploads of this account at a time. Wait for the answer to one of them.')
  try {
    const bytes = declaredBytes(c, max_bytes)
    const room = upload_memory.open(user_id, MEMORY_PER_BYTE * bytes, MAX_UPLOAD_MS)
    const note = (come: number) => room.note(Math.min(1, come / bytes))
    return await run({ ...room, note }).finally(room.leave)
  } finally {
    release()
  }
}

/** Has a change of a password run to its end: 429 while another one of the same account runs in this process. */
export async function admitPasswordChange(c: Context<Env>, run: () => Promise<void>): Promise<void> {
  const release = c.get('intake').password_changes.take([String(c.get('user_id'))])
  if (!release) throw tooManyAtOnce('Another change of the password of this account is running. Wait for its answer.')
  await run().finally(release)
}

/** What Content-Length says, or else the most that may come. */
function declaredBytes(c: Context<Env>, max_bytes: number): number {
  const declared = Number(c.req.header('content-length') ?? max_bytes)
  return Number.isNaN(declared) ? max_bytes : Math.min(declared, max_bytes)
}

/** A place for an unfinished body; null where there is none left. */
function takeUnfinished(c: Context<Env>): (() => void) | null {
  const { unfinished, unfinished_of_address } = c.get('intake')
  const [user_id, address] = [c.get('user_id'), `address:${c.get('address')}`]
  if (!user_id) return unfinished.take([address])
  const leaveAddress = unfinished_of_address.take([address])
  if (!leaveAddress) return null
  const leaveAccount = unfinished.take([`user:${user_id}`])
  if (!leaveAccount) {
    leaveAddress()
    return null
  }
  return () => {
    leaveAccount()
    leaveAddress()
  }
}

function tooSlow(within_ms: number): Problem {
  return new Problem(
    'request_timeout',
    `The body did not arrive within ${within_ms / 1000} seconds.`,
    {},
    { Connection: 'close' },
  )
}

function tooManyUnfinished(): Problem {
  return tooManyAtOnce('Too many requests of this account or address have an unfinished body. Send bodies without pauses.')
}

function tooManyAtOnce(detail: string): Problem {
  return new Problem('too_many_at_once', detail, {}, { 'Retry-After': '2' })
}
