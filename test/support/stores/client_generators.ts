import { findProgram } from '../requirements.ts'
import { installClientGenerators } from './client_generators_install.ts'
import type { Store } from './store.ts'

/** OPENAPI_GENERATOR_PATH, the one that is kept, or fetched where there are Maven, a JDK and Python. Nothing is started. */
export const clientGenerators: Store = {
  name: 'openapi-generator',
  provide: async () => {
    if (!findProgram('openapi-generator')) await installClientGenerators()
    const path = findProgram('openapi-generator')
    return path ? { OPENAPI_GENERATOR_PATH: path } : null
  },
}
