import { collectDefaultMetrics, type Registry } from 'prom-client'

/**
 * The metrics of prom-client that are correct under Bun. The others measure V8 or libuv and are always 0, or break the naming
 * rules. The names are those that Node services usually have.
 */
export const processMetrics = {
  process_cpu_seconds_total: 'Processor time in seconds.',
  process_cpu_user_seconds_total: 'Processor time in user mode.',
  process_cpu_system_seconds_total: 'Processor time in system mode.',
  process_start_time_seconds: 'Start of the process as Unix time.',
  process_resident_memory_bytes: 'Resident memory.',
  process_virtual_memory_bytes: 'Virtual memory, on Linux.',
  process_open_fds: 'Open file descriptors, including sockets, on Linux.',
  process_max_fds: 'Maximum of open file descriptors, on Linux.',
  nodejs_heap_size_total_bytes: 'Size of the JavaScript heap.',
  nodejs_heap_size_used_bytes: 'Used part of the JavaScript heap.',
  nodejs_external_memory_bytes: 'Memory of JavaScript outside the heap, such as buffers.',
  nodejs_eventloop_lag_seconds: 'Delay of the event loop at the previous scrape.',
  nodejs_eventloop_lag_p50_seconds: 'Median delay of the event loop between two scrapes.',
  nodejs_eventloop_lag_p90_seconds: '90th percentile of the delay.',
  nodejs_eventloop_lag_p99_seconds: '99th percentile of the delay.',
  nodejs_eventloop_lag_max_seconds: 'Maximum of the delay.',
}

/** Each sample of the delay wakes the process: every 10 ms, this took a third of an idle process's time. */
const LAG_EVERY_MS = 50

/** Registers processor time, memory, file descriptors and the delay of the event loop. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_EVERY_MS })
  for (const { name } of registry.getMetricsAsArray()) if (!Object.hasOwn(processMetrics, name)) registry.removeSingleMetric(name)
}
