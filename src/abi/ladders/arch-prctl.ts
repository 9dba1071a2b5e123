/** What arch_prctl answers to a caller of either width. Source: arch/x86/kernel/process.c sys_arch_prctl. */
export const arch_prctl_common = {
  ladder: "arch_prctl_common",
  rungs: [
    ["cpuid-not-faultable", "ENODEV", [], "ARCH_SET_CPUID on a processor that cannot make cpuid fault"],
    ["features-unwritable", "EFAULT", "U-03", "the set of processor states cannot be written"],
    ["no-such-feature", "EINVAL", [], "there is no such processor state"],
    ["feature-not-dynamic", "EOPNOTSUPP", [], "the processor state takes no permission"],
    ["unknown-option", "EINVAL", [], "there is no such option on this way in"],
  ],
  provenance: "arch/x86/kernel/process.c, fpu/xstate.c fpu_xstate_prctl",
} as const;
