import { findProgram } from '../requirements.ts'
import { installSchemathesis } from './schemathesis_venv.ts'
import type { Store } from './store.ts'

/** The program of SCHEMATHESIS_PATH, one on the PATH, a kept one, or a new one if there is Python. Starts nothing. */
export const schemathesis: Store = {
  name: 'schemathesis',
  provide: async () => {
    if (!findProgram('schemathesis')) await installSchemathesis()
    const path = findProgram('schemathesis')
    return path ? { SCHEMATHESIS_PATH: path } : null
  },
}
