import { projectRoot } from '../../platform/project.ts'

/**
 * Runs a JavaScript tool with the Bun of this process, which need not be on the PATH. Returns its output if it fails, and an
 * empty text otherwise.
 */
export async function runTool(command: string[], input = '', env: Record<string, string> = {}): Promise<string> {
  const tool = Bun.spawn([process.execPath, ...command], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdin: new TextEncoder().encode(input),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [output, errors, code] = await Promise.all([
    new Response(tool.stdout).text(),
    new Response(tool.stderr).text(),
    tool.exited,
  ])
  return code === 0 ? '' : `${output}${errors}`.trim() || `${command.join(' ')} ended with ${code}`
}
