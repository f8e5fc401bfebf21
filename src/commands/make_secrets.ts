/** `bun src/commands/make_secrets.ts <folder>`: the container `secrets` of docker-compose.yml runs this before all others. */
import { makeSecrets } from '../deploy/containers/secrets.ts'
import { readArguments, runCommand, UsageError } from '../platform/arguments.ts'

const usage = `Usage: bun src/commands/make_secrets.ts <folder>

Makes the passwords and the certificate of the containers in docker-compose.yml, a folder for each container.
Keeps existing files.`

await runCommand(usage, async () => {
  const [folder, ...others] = readArguments({}).positionals
  if (folder === undefined || others.length > 0) throw new UsageError('make_secrets takes one folder')
  await makeSecrets(folder)
  console.log(`The secrets of the containers are in ${folder}.`)
  return 0
})
