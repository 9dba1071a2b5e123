import { PR, prctl_option } from "../../abi/structs/index.ts";
import { kernelVersion } from "../../abi/version.ts";
import {
  capAmbient,
  capbsetDrop,
  capbsetRead,
  getKeepcaps,
  getSecurebits,
  setKeepcaps,
  setSecurebits,
} from "./capability-options.ts";
import type { Option } from "./option.ts";
import {
  getChildSubreaper,
  getDumpable,
  getName,
  getNoNewPrivs,
  getPdeathsig,
  getTidAddress,
  getTimerslack,
  setChildSubreaper,
  setDumpable,
  setName,
  setNoNewPrivs,
  setPdeathsig,
  setTimerslack,
  setTiming,
} from "./process-options.ts";

/** What only answers 0: there is one way of timing, no seccomp filter, and no performance counter. */
const zero: Option = () => 0;

const OPTIONS: Readonly<Record<number, Option>> = {
  [PR.SET_PDEATHSIG]: setPdeathsig,
  [PR.GET_PDEATHSIG]: getPdeathsig,
  [PR.GET_DUMPABLE]: getDumpable,
  [PR.SET_DUMPABLE]: setDumpable,
  [PR.GET_KEEPCAPS]: getKeepcaps,
  [PR.SET_KEEPCAPS]: setKeepcaps,
  [PR.GET_TIMING]: zero,
  [PR.SET_TIMING]: setTiming,
  [PR.SET_NAME]: setName,
  [PR.GET_NAME]: getName,
  [PR.GET_SECCOMP]: zero,
  [PR.CAPBSET_READ]: capbsetRead,
  [PR.CAPBSET_DROP]: capbsetDrop,
  [PR.GET_SECUREBITS]: getSecurebits,
  [PR.SET_SECUREBITS]: setSecurebits,
  [PR.SET_TIMERSLACK]: setTimerslack,
  [PR.GET_TIMERSLACK]: getTimerslack,
  [PR.TASK_PERF_EVENTS_DISABLE]: zero,
  [PR.TASK_PERF_EVENTS_ENABLE]: zero,
  [PR.SET_CHILD_SUBREAPER]: setChildSubreaper,
  [PR.GET_CHILD_SUBREAPER]: getChildSubreaper,
  [PR.SET_NO_NEW_PRIVS]: setNoNewPrivs,
  [PR.GET_NO_NEW_PRIVS]: getNoNewPrivs,
  [PR.GET_TID_ADDRESS]: getTidAddress,
  [PR.CAP_AMBIENT]: capAmbient,
};

/** Since when an option exists, by number; the declaration says so. */
const SINCE: ReadonlyMap<number, number> = new Map(
  Object.values(prctl_option.values).map((value) =>
    typeof value === "number" ? [value, 0] : [value.value, kernelVersion(value.since)],
  ),
);

/** What an option does in a comparable kernel version; null where there is none. */
export function optionOf(option: number, kernel: number): Option | null {
  const since = SINCE.get(option);
  if (since === undefined || kernel < since) return null;
  return OPTIONS[option] ?? null;
}
