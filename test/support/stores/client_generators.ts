import { findProgram } from '../requirements.ts'
import { installClientGenerators } from './client_generators_install.ts'
import type { Store } from './store.ts'

/** The generator of OPENAPI_GENERATOR_PATH, a kept one, or a new one if there are Maven, a JDK and Python. Starts nothing. */
export const clientGenerators: Store = {
  name: 'openapi-generator',
  provide: async () => {
    if (!findProgram('openapi-generator')) await installClientGenerators()
    const path = findProgram('openapi-generator')
    return path ? { OPENAPI_GENERATOR_PATH: path } : null
  },
}
