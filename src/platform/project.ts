import { resolve } from 'node:path'

/** The folder that holds package.json: every path of the project starts here, whatever the working directory. */
export const projectRoot = resolve(import.meta.dirname, '..', '..')
