/** Pictures in a directory. For one machine: several processes on several machines need a directory that they share, or S3. */
import { mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PictureStore } from './store.ts'

export function openDirectoryStore(directory: string): PictureStore {
  const place = (key: string) => join(directory, key)
  return {
    put: (key, bytes) => writeDurably(place(key), bytes),
    get: (key) => orNull(readFile(place(key))),
    remove: async (key) => {
      await rm(place(key), { force: true })
      // The folder of a picture goes with its last file.
      await rmdir(dirname(place(key))).catch(() => {})
    },
  }
}

/** Under another name first, so that no reader sees half a file; on the disk when it returns, so that no row outlives its file. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${crypto.randomUUID()}.tmp`
  await mkdir(dirname(path), { recursive: true })
  const file = await open(unfinished, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  for (const folder of [dirname(path), dirname(dirname(path))]) await syncFolder(folder)
}

/** A new name is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  }
}
