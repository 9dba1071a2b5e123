import type { FuzzProgram } from "../../program.ts";
import type { CampaignFigures, CampaignFinding } from "../campaign.ts";
import { CrewMember } from "../crew-member.ts";
import type { Lease, WorkQueue } from "./work-queue.ts";

/** What this machine gives to a campaign. */
export interface QueueWorkers {
  readonly workers: number;
  /** Milliseconds without a new program after which a run counts as hanging. */
  readonly patience: number;
}

/** Milliseconds between two looks when others are at the last of the work. */
const PAUSE = 500;

/** Workers of this machine that take their work from a queue until all of it is done, here or elsewhere. */
export class QueueCampaign {
  /** Pieces of work done here, and how many of them somebody else had begun. */
  items = 0;
  again = 0;
  private readonly queue: WorkQueue;
  private readonly crew: readonly CrewMember[];
  private readonly finding: (finding: CampaignFinding) => void;
  private readonly unseen: FuzzProgram[][];
  private found = 0;
  private stopping = false;

  constructor(
    queue: WorkQueue,
    { workers, patience }: QueueWorkers,
    finding: (finding: CampaignFinding) => void,
  ) {
    this.queue = queue;
    this.finding = finding;
    const { runs: _, ...plan } = queue.plan;
    this.crew = Array.from(
      { length: workers },
      () => new CrewMember({ ...plan, patience, corpus: [], first: 0 }),
    );
    this.unseen = this.crew.map(() => []);
  }

  /** Starts the workers. @throws RefusedTarget @returns the calls under test */
  async open(): Promise<readonly string[]> {
    await Promise.all(this.crew.map((member) => member.open()));
    return this.crew[0]?.calls ?? [];
  }

  async run(): Promise<void> {
    await Promise.all(this.crew.map((member, i) => this.work(member, i)));
  }

  /** Ends it soon; work that is under way is given back. */
  stop(): void {
    this.stopping = true;
    for (const member of this.crew) member.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.crew.map((member) => member.end()));
    await this.queue.close();
  }

  /** Figures of this machine as of now. */
  figures(): CampaignFigures {
    const each = this.crew.map((member) => member.figures());
    return {
      runs: each.reduce((n, { runs }) => n + runs, 0),
      extraRuns: each.reduce((n, { extraRuns }) => n + extraRuns, 0),
      features: Math.max(0, ...each.map(({ features }) => features)),
      corpus: Math.max(0, ...each.map(({ corpus }) => corpus)),
      findings: this.found,
      retired: this.crew.filter(({ retired }) => retired).length,
    };
  }

  private async work(member: CrewMember, worker: number): Promise<void> {
    while (!this.stopping && !member.retired) {
      const lease = await this.queue.take();
      if (lease !== null) await this.doItem(member, worker, lease);
      else {
        const { items, of } = await this.queue.done();
        if (items === of) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  private async doItem(member: CrewMember, worker: number, lease: Lease): Promise<void> {
    const { first, runs } = lease.item;
    const others = await this.queue.newPrograms();
    for (const programs of this.unseen) programs.push(...others);
    let offer = this.unseen[worker]?.splice(0) ?? [];
    member.next = first;
    while (member.next < first + runs && !this.stopping && !member.retired) {
      const turn = await member.runs(first + runs - member.next, offer);
      offer = [];
      for (const program of turn.programs) await this.queue.addProgram(program);
      for (const found of turn.findings) {
        const finding = { ...found, worker: worker + 1 };
        if (!(await this.queue.addFinding(finding))) continue;
        this.found++;
        this.finding(finding);
      }
    }
    if (member.next < first + runs) lease.giveBack();
    else if (await lease.finish(runs)) {
      this.items++;
      if (lease.again) this.again++;
    }
  }
}
