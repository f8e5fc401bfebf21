import { findProgram } from '../requirements.ts'
import { installSchemathesis } from './schemathesis_venv.ts'
import type { Store } from './store.ts'

/** SCHEMATHESIS_PATH, one on the PATH, the one that is kept, or fetched where there is Python. Nothing is started. */
export const schemathesis: Store = {
  name: 'schemathesis',
  provide: async () => {
    if (!findProgram('schemathesis')) await installSchemathesis()
    const path = findProgram('schemathesis')
    return path ? { SCHEMATHESIS_PATH: path } : null
  },
}
