import { findProgram, type Program } from '../requirements.ts'
import { installPackage } from './debian_package.ts'
import type { Store } from './store.ts'

/** A program from its variable, from the PATH, or from a Debian package if this process may install one. */
export function debianProgram(requirement: Program, variable: string, package_name: string): Store {
  return {
    name: requirement,
    provide: async () => {
      if (!findProgram(requirement)) await installPackage(package_name)
      const path = findProgram(requirement)
      return path ? { [variable]: path } : null
    },
  }
}
