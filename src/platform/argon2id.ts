/** OWASP's minimum for argon2id: 19 MiB, two passes. */
export const ARGON2ID = { memory_kib: 19_456, passes: 2 }
