import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { QueueError } from "./address.ts";

/** What a connection is used through. */
export interface Jet {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** The class of an answer that refuses. */
  readonly isRefusal: (error: unknown) => error is Error & { readonly code: number };
}

/** Connects to a server with JetStream. The packages for it are loaded here, and nowhere else. @throws QueueError */
export async function connectJet(server: string): Promise<Jet> {
  const [transport, jetstream] = await Promise.all([
    import("@nats-io/transport-node"),
    import("@nats-io/jetstream"),
  ]).catch(() => {
    throw new QueueError("needs two packages: npm install @nats-io/transport-node @nats-io/jetstream");
  });
  const connection = await transport
    .connect({ servers: server.replace(/^nats:\/\//, ""), timeout: 5000 })
    .catch((error: Error) => {
      throw new QueueError(`cannot be reached (${error.message})`);
    });
  try {
    const manager = await jetstream.jetstreamManager(connection);
    const { JetStreamApiError } = jetstream;
    return {
      ...{ connection, manager, client: jetstream.jetstream(connection) },
      isRefusal: (error): error is Error & { readonly code: number } => error instanceof JetStreamApiError,
    };
  } catch (error) {
    await connection.close();
    throw new QueueError(`has no JetStream (${(error as Error).message}): start nats-server with -js`);
  }
}
