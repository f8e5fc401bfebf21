/** Stores pictures in a directory. Several machines need a shared directory or S3. */
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
      // Removes the folder of a picture with its last file.
      await rmdir(dirname(place(key))).catch(() => {})
    },
  }
}

/** Writes to a temporary name and renames, so that no reader sees half a file. Syncs, so that no row outlives its file. */
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

/** Syncs the folder: only then is a new name on the disk. */
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
