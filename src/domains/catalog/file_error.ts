/** The file is not a catalog. The message has the reason. Nothing was imported. */
export class FileError extends Error {}
