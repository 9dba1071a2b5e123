import { QueueError } from "./address.ts";
import type { Jet } from "./nats.ts";

/** The server's word for a subject that has its one message already. */
const WRONG_LAST_SEQUENCE = 10_071;
/** And where a stream takes one message a subject and has it. */
const ONE_A_SUBJECT = 10_077;

/**
 * What a campaign has come to, on the server: entries by kind and key. An entry is made once, whoever tries how often:
 * the server refuses a second one, so what is counted here is counted once.
 */
export class Ledger {
  private readonly jet: Jet;
  private readonly stream: string;
  private readonly subject: string;

  private constructor(jet: Jet, name: string) {
    this.jet = jet;
    this.stream = `TRAPGATE_${name}_LEDGER`;
    this.subject = `trapgate.${name}.ledger`;
  }

  static async open(jet: Jet, name: string): Promise<Ledger> {
    const ledger = new Ledger(jet, name);
    await jet.manager.streams.add({
      ...{ name: ledger.stream, subjects: [`${ledger.subject}.>`], max_msgs_per_subject: 1 },
      ...{ discard: "new", discard_new_per_subject: true },
    });
    return ledger;
  }

  /** Makes an entry; false when there is one of this kind and key. */
  async enter(kind: string, key: string, value: unknown): Promise<boolean> {
    const { client, isRefusal } = this.jet;
    const once = { expect: { lastSubjectSequence: 0 } };
    try {
      await client.publish(`${this.subject}.${kind}.${key}`, JSON.stringify(value), once);
      return true;
    } catch (error) {
      if (isRefusal(error) && [WRONG_LAST_SEQUENCE, ONE_A_SUBJECT].includes(error.code)) return false;
      throw error;
    }
  }

  /** An entry; null for none. @throws QueueError for one that nobody here has written */
  async read<T>(kind: string, key: string): Promise<T | null> {
    const of = { last_by_subj: `${this.subject}.${kind}.${key}` };
    const message = await this.jet.manager.streams.getMessage(this.stream, of);
    if (message === null) return null;
    try {
      return JSON.parse(message.string()) as T;
    } catch {
      throw new QueueError(`holds something else under the name ${this.stream}`);
    }
  }

  /** Keys of a kind. */
  async keys(kind: string): Promise<string[]> {
    const filter = `${this.subject}.${kind}.>`;
    const { state } = await this.jet.manager.streams.info(this.stream, { subjects_filter: filter });
    return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(filter.length - 1));
  }
}
