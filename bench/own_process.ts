/** Runs a module of a load in a process of its own, so that it is not what is measured: `input` goes to its stdin, its stdout answers, both as JSON. */
export async function runInOwnProcess<I, R>(module_path: string, input: I): Promise<R> {
  const child = Bun.spawn([process.execPath, module_path], {
    stdin: new Blob([JSON.stringify(input)]),
    stdout: 'pipe',
    stderr: 'inherit',
  })
  return (await new Response(child.stdout).json()) as R
}
