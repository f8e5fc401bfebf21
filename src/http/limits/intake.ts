/** Bounds unfinished requests: bodies that are still arriving, and uploads with the memory that they take. */
import type { Context } from 'hono'
import { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { createSlots, type Slots } from './slots.ts'
import { createUploadMemory, type UploadMemory, type UploadRoom } from './upload_memory.ts'

declare module '../env.ts' {
  interface Services {
    /** Bounds unfinished requests. */
    intake: Intake
  }
}

/**
 * The limit per account, and per address of anonymous callers. A client that sends complete bodies never takes one of these
 * slots.
 */
const MAX_UNFINISHED = 16
/** The limit per address, for all its signed-in callers together. Many accounts often share an address. */
const MAX_UNFINISHED_OF_ADDRESS = 128
/** Uploads per account at a time: the service decodes one while others arrive. */
const MAX_UPLOADS = 4
/**
 * The memory for all uploads of this process, from first byte to response. It suits a small machine, so no scale multiplies it.
 */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024
/** 20 MiB at 1.4 Mbit/s. */
export const MAX_UPLOAD_MS = 120_000
/** Memory per byte of an upload. The upload exists twice while its chunks are joined. */
const MEMORY_PER_BYTE = 1.5
/** A body that arrived with its headers is read within this time, however many arrive at once. */
const GRACE_MS = 250

export type Intake = {
  unfinished: Slots
  unfinished_of_address: Slots
  uploads: Slots
  upload_memory: UploadMemory
  password_changes: Slots
}

/** `scale` multiplies the limits of accounts and addresses, but not the memory, nor the one password change at a time. */
export function createIntake(scale: number): Intake {
  const slots = (count: number) => createSlots(Math.max(1, Math.round(count * scale)))
  return {
    unfinished: slots(MAX_UNFINISHED),
    unfinished_of_address: slots(MAX_UNFINISHED_OF_ADDRESS),
    uploads: slots(MAX_UPLOADS),
    upload_memory: createUploadMemory(MAX_UPLOAD_BYTES),
    password_changes: createSlots(1),
  }
}

/**
 * Waits for a body to arrive. Throws 408 after `within_ms`, and the reason of `signal` if that aborts. Throws 429 if the body is
 * unfinished after 250 ms and its account, or its anonymous caller's address, already has 16 unfinished bodies.
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
 * Runs an upload of at most `max_bytes` to its response. Throws 429 if the account already has four uploads, and 503 if memory is
 * short.
 */
export async function admitUpload<T>(c: Context<Env>, max_bytes: number, run: (room: UploadRoom) => Promise<T>): Promise<T> {
  const { uploads, upload_memory } = c.get('intake')
  const user_id = c.get('user_id')
  const release = uploads.take([`user:${user_id}`])
  if (!release) throw tooManyAtOnce('Too many uploads of this account at a time. Wait for the response to one of them.')
  try {
    const bytes = declaredBytes(c, max_bytes)
    const room = upload_memory.open(user_id, MEMORY_PER_BYTE * bytes, MAX_UPLOAD_MS)
    const note = (come: number) => room.note(Math.min(1, come / bytes))
    return await run({ ...room, note }).finally(room.leave)
  } finally {
    release()
  }
}

/** Runs a password change. Throws 429 while another one of the same account runs in this process. */
export async function admitPasswordChange(c: Context<Env>, run: () => Promise<void>): Promise<void> {
  const release = c.get('intake').password_changes.take([String(c.get('user_id'))])
  if (!release) throw tooManyAtOnce('Another change of the password of this account is running. Wait for its response.')
  await run().finally(release)
}

/** Returns Content-Length, or `max_bytes` without it. */
function declaredBytes(c: Context<Env>, max_bytes: number): number {
  const declared = Number(c.req.header('content-length') ?? max_bytes)
  return Number.isNaN(declared) ? max_bytes : Math.min(declared, max_bytes)
}

/** Takes a slot for an unfinished body. Returns null if none is left. */
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
