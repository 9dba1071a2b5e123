/** A queue cannot be used; the message says why, in one line. */
export class QueueError extends Error {}

/** A server, and the name of a campaign on it. */
export interface QueueAddress {
  readonly server: string;
  readonly name: string;
}

/** Campaigns without a name of their own. */
const DEFAULT_NAME = "trapgate";

/** `nats://host:4222/NAME`. @throws QueueError */
export function queueAddress(text: string): QueueAddress {
  const [, server, name = DEFAULT_NAME] = /^(nats:\/\/[^/\s]+)(?:\/([\w-]{1,64}))?\/?$/.exec(text) ?? [];
  if (server === undefined)
    throw new QueueError("is no address such as nats://host:4222 or nats://host:4222/NAME");
  return { server, name };
}
