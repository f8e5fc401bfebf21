/** The file as a whole is no catalogue: its message says why. Nothing was imported. */
export class FileError extends Error {}
