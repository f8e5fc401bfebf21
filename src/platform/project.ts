import { resolve } from 'node:path'

/** The folder of package.json. Paths start here, so they do not depend on the working directory. */
export const projectRoot = resolve(import.meta.dirname, '..', '..')
