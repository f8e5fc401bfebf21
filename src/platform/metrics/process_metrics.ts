import { collectDefaultMetrics, type Registry } from 'prom-client'

/**
 * What prom-client says of a process and is true under Bun, and what it means. The rest is of V8 or libuv: always 0, or named
 * against the rules. The names are those that dashboards of Node know.
 */
export const processMetrics = {
  process_cpu_seconds_total: 'Processor time, in seconds.',
  process_cpu_user_seconds_total: 'Of it, what the program itself took.',
  process_cpu_system_seconds_total: 'Of it, what the system took on its behalf.',
  process_start_time_seconds: 'When the process started, in Unix time.',
  process_resident_memory_bytes: 'Memory that it holds.',
  process_virtual_memory_bytes: 'Addresses that it has reserved; on Linux.',
  process_open_fds: 'Open file descriptors, sockets among them; on Linux.',
  process_max_fds: 'How many it may open; on Linux.',
  nodejs_heap_size_total_bytes: 'Heap of JavaScript.',
  nodejs_heap_size_used_bytes: 'Of it, what is in use.',
  nodejs_external_memory_bytes: 'Memory outside the heap that JavaScript holds, such as buffers.',
  nodejs_eventloop_lag_seconds: 'How late the event loop was at the scrape before.',
  nodejs_eventloop_lag_p50_seconds: 'Median delay of the event loop between two scrapes.',
  nodejs_eventloop_lag_p90_seconds: 'Its 90th percentile.',
  nodejs_eventloop_lag_p99_seconds: 'Its 99th percentile.',
  nodejs_eventloop_lag_max_seconds: 'Its maximum.',
}

/** Adds processor time, memory, file descriptors and the lag of the event loop. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const { name } of registry.getMetricsAsArray()) if (!Object.hasOwn(processMetrics, name)) registry.removeSingleMetric(name)
}
