import { isNth, type Nth, parseWhen, type When } from "./nth.ts";

/** One access to user memory as a plan's observers see it, before it happens. */
export interface PlannedAccess {
  readonly access: "read" | "write";
  readonly address: number;
  readonly length: number;
  /** Its number, counted from 1 since the plan was made. */
  readonly nth: number;
}

interface AccessRule {
  readonly nth: Nth;
  /** Bytes that go through at most; Infinity for an observer. */
  readonly bytes: number;
  readonly observe: ((access: PlannedAccess) => void) | null;
}

interface AllocationRule {
  readonly nth: Nth;
  /** The site that counts; null counts every allocation. */
  readonly site: string | null;
}

/**
 * Faults to inject: the nth access to user memory, the nth allocation. Occurrences are counted from 1, from the
 * moment the plan is made; `when` follows strace's grammar.
 *
 * @example
 * ```ts
 * import { FaultPlan } from "trapgate";
 * const plan = new FaultPlan().failAccess("2").failAllocation("1", "pid");
 * console.log(plan.allocate("pid"), plan.allocate("pid")); // false true
 * ```
 */
export class FaultPlan {
  /** User accesses seen so far. */
  accesses = 0;
  /** Allocations seen so far, at every site. */
  allocations = 0;
  private readonly accessRules: AccessRule[] = [];
  private readonly allocationRules: AllocationRule[] = [];
  private readonly sites: Map<string, number> = new Map();

  /** The nth access faults at its first byte. @throws RangeError for a bad `when` */
  failAccess(when: When): this {
    return this.shortAccess(when, 0);
  }

  /** The nth access faults after `bytes` bytes. @throws RangeError for a bad `when` */
  shortAccess(when: When, bytes: number): this {
    this.accessRules.push({ nth: parseWhen(when), bytes, observe: null });
    return this;
  }

  /** `observe` runs before the nth access: a racing writer, for one. @throws RangeError for a bad `when` */
  observeAccess(when: When, observe: (access: PlannedAccess) => void): this {
    this.accessRules.push({ nth: parseWhen(when), bytes: Number.POSITIVE_INFINITY, observe });
    return this;
  }

  /** The nth allocation fails, of all or of one site ("frame", "kalloc", "pid" …). @throws RangeError */
  failAllocation(when: When, site: string | null = null): this {
    this.allocationRules.push({ nth: parseWhen(when), site });
    return this;
  }

  /** Counts an access and says how many of its bytes may go through. */
  access(access: "read" | "write", address: number, length: number): number {
    const nth = ++this.accesses;
    let allowed = length;
    for (const rule of this.accessRules) {
      if (!isNth(rule.nth, nth)) continue;
      rule.observe?.({ access, address, length, nth });
      allowed = Math.min(allowed, rule.bytes);
    }
    return allowed;
  }

  /** Counts an allocation at `site` and says whether it may succeed. */
  allocate(site: string): boolean {
    const nth = ++this.allocations;
    const here = (this.sites.get(site) ?? 0) + 1;
    this.sites.set(site, here);
    return !this.allocationRules.some(
      (rule) => isNth(rule.nth, rule.site === null ? nth : here) && (rule.site ?? site) === site,
    );
  }
}
