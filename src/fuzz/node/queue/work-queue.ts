import type { Consumer, JsMsg } from "@nats-io/jetstream";
import type { FuzzProgram } from "../../program.ts";
import type { CampaignFinding } from "../campaign.ts";
import { hashOf } from "../corpus-folder.ts";
import { type QueueAddress, QueueError } from "./address.ts";
import { Ledger } from "./ledger.ts";
import { connectJet, type Jet } from "./nats.ts";
import { itemsOf, type QueuePlan, type WorkItem } from "./plan.ts";

/** Nanoseconds, as the server counts. */
const MILLISECOND = 1_000_000;
/** Milliseconds the server waits for work before it says that there is none. */
const WAIT = 1_000;
const CONSUMER = "workers";

/** A piece of work that is ours for as long as we say that we are at it. */
export interface Lease {
  readonly item: WorkItem;
  /** Whether somebody had it before and never came back. */
  readonly again: boolean;
  /** It is done; false when somebody else had done it meanwhile, and it counts as theirs. */
  finish(runs: number): Promise<boolean>;
  /** Somebody else may have it now. */
  giveBack(): void;
}

/** A campaign on a server: what is to be done, what is done, and what has been found, for any number of workers. */
export class WorkQueue {
  readonly plan: QueuePlan;
  private readonly jet: Jet;
  private readonly ledger: Ledger;
  private readonly consumer: Consumer;
  private readonly lease: number;
  private readonly known: Set<string> = new Set();

  private constructor(jet: Jet, ledger: Ledger, consumer: Consumer, plan: QueuePlan, lease: number) {
    this.jet = jet;
    this.ledger = ledger;
    this.consumer = consumer;
    this.plan = plan;
    this.lease = lease;
  }

  /**
   * Takes part in a campaign, or begins it.
   * @param plan what it is; null for whatever stands there
   * @param lease milliseconds after which the work of one who is not heard of is given to another
   * @throws QueueError
   */
  static async open(
    { server, name }: QueueAddress,
    plan: QueuePlan | null,
    lease: number,
  ): Promise<WorkQueue> {
    const jet = await connectJet(server);
    try {
      const ledger = await Ledger.open(jet, name);
      if (plan !== null) await ledger.enter("plan", "0", plan);
      const there = await ledger.read<QueuePlan>("plan", "0");
      if (there === null) throw new QueueError(`has no campaign ${name} yet: name the calls to begin one`);
      if (plan !== null && JSON.stringify(plan) !== JSON.stringify(there))
        throw new QueueError(
          `has another campaign ${name}: give it the same arguments, or another name (${server}/NAME)`,
        );
      const consumer = await openWork(jet, name, there, ledger, lease);
      return new WorkQueue(jet, ledger, consumer, there, lease);
    } catch (error) {
      await jet.connection.close();
      throw error;
    }
  }

  /** The next piece of work; null when there is none just now. */
  async take(): Promise<Lease | null> {
    const message = await this.consumer.next({ expires: WAIT });
    if (message === null) return null;
    const item = message.json<WorkItem>();
    if ((await this.ledger.read("done", String(item.id))) !== null) {
      // Whoever did it went away before saying so to the queue.
      message.ack();
      return this.take();
    }
    return this.leaseOf(message, item);
  }

  /** How much of the campaign is done. */
  async done(): Promise<{ readonly items: number; readonly of: number; readonly runs: number }> {
    const items = itemsOf(this.plan);
    const done = (await this.ledger.keys("done")).map(Number);
    return {
      items: done.length,
      of: items.length,
      runs: done.reduce((n, id) => n + (items[id]?.runs ?? 0), 0),
    };
  }

  /** Enters a finding; false when somebody has had it. */
  addFinding(finding: CampaignFinding): Promise<boolean> {
    return this.ledger.enter("finding", hashOf(finding.key), finding);
  }

  /** Findings of all workers. */
  async findings(): Promise<number> {
    return (await this.ledger.keys("finding")).length;
  }

  async addProgram(program: FuzzProgram): Promise<void> {
    const key = hashOf(JSON.stringify(program));
    if (this.known.has(key)) return;
    this.known.add(key);
    await this.ledger.enter("program", key, program);
  }

  /** Programs that others have entered since this was asked last. */
  async newPrograms(): Promise<FuzzProgram[]> {
    const keys = (await this.ledger.keys("program")).filter((key) => !this.known.has(key));
    const programs: FuzzProgram[] = [];
    for (const key of keys) {
      this.known.add(key);
      const program = await this.ledger.read<FuzzProgram>("program", key);
      if (program !== null) programs.push(program);
    }
    return programs;
  }

  async close(): Promise<void> {
    await this.jet.connection.drain();
  }

  private leaseOf(message: JsMsg, item: WorkItem): Lease {
    const timer = setInterval(() => message.working(), this.lease / 3);
    return {
      item,
      again: message.info.deliveryCount > 1,
      finish: async (runs) => {
        clearInterval(timer);
        // First the ledger, then the queue: who dies in between has the work found done by the next one.
        const counted = await this.ledger.enter("done", String(item.id), { runs });
        message.ack();
        return counted;
      },
      giveBack: () => {
        clearInterval(timer);
        message.nak();
      },
    };
  }
}

/** The queue of a campaign, filled. Whoever comes first fills it, and whoever comes before it is full helps. */
async function openWork(
  { manager, client }: Jet,
  name: string,
  plan: QueuePlan,
  ledger: Ledger,
  lease: number,
): Promise<Consumer> {
  const stream = `TRAPGATE_${name}_WORK`;
  const subject = `trapgate.${name}.work`;
  await manager.streams.add({ name: stream, subjects: [`${subject}.>`], retention: "workqueue" });
  if ((await ledger.read("filled", "0")) === null) {
    // An item that is put there twice is run once: the server knows it by its id, and the ledger by what is done.
    for (const item of itemsOf(plan))
      await client.publish(`${subject}.${item.id}`, JSON.stringify(item), { msgID: `${name}-${item.id}` });
    await ledger.enter("filled", "0", true);
  }
  try {
    await manager.consumers.info(stream, CONSUMER);
  } catch {
    await manager.consumers.add(stream, {
      ...{ durable_name: CONSUMER, ack_policy: "explicit", ack_wait: lease * MILLISECOND },
    });
  }
  return client.consumers.get(stream, CONSUMER);
}
