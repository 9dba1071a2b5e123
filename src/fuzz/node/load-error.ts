/** A file of the user's is not what it should be; the message begins with the place in it, where that is known. */
export class LoadError extends Error {}
