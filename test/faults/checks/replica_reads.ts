/** The number of reads by the replica and by the primary, from the metrics of API processes. */
export type ReplicaReads = { replica: number; primary: number }

/** Returns the sums over these processes since their start. */
export async function countReads(urls: string[]): Promise<ReplicaReads> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()))
  const count = (by: string) =>
    texts.reduce(
      (sum, text) => sum + Number(new RegExp(`^replica_reads_total\\{by="${by}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0),
      0,
    )
  return { replica: count('replica'), primary: count('primary') }
}
