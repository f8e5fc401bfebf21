type SingleFlight<T> = (
  key: string,
  run: () => Promise<T>,
  /** Bounds the time for which a caller waits: for the current run, and for the run that it shares. */
  join?: (shared: Promise<T>) => Promise<T>,
) => Promise<T>

/**
 * Runs one thing at a time per key. A caller never joins a run that has already started, because the run can have read the
 * database before a change that the caller depends on. All callers that arrive during a run share the next one, which starts
 * after them.
 */
export function createSingleFlight<T>(): SingleFlight<T> {
  type Flight = { running: Promise<T>; next: Promise<T> | null }
  const flights = new Map<string, Flight>()
  const start = (key: string, run: () => Promise<T>): Promise<T> => {
    const flight: Flight = { running: run(), next: null }
    flights.set(key, flight)
    const end = () => {
      if (!flight.next && flights.get(key) === flight) flights.delete(key)
    }
    flight.running.then(end, end)
    return flight.running
  }
  return (key, run, join = (shared) => shared) => {
    const flight = flights.get(key)
    if (!flight) return start(key, run)
    const after = () => start(key, run)
    flight.next ??= flight.running.then(after, after)
    return join(flight.next)
  }
}
