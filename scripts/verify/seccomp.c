/*
 * libseccomp's tables, both ways. Reads lines "arch name" and prints "arch name number"; then, for every arch named,
 * "arch #number name" for each number below LAST it has a name for. The first line is its version.
 * It is loaded at run time, so that no header of it is needed.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST 1000

struct version {
  unsigned major, minor, micro;
};

int main(void) {
  void *lib = dlopen("libseccomp.so.2", RTLD_NOW);
  if (!lib) return fprintf(stderr, "%s\n", dlerror()), 2;
  const struct version *(*version)(void) = (const struct version *(*)(void))dlsym(lib, "seccomp_version");
  uint32_t (*arch_of)(const char *) = (uint32_t(*)(const char *))dlsym(lib, "seccomp_arch_resolve_name");
  int (*number)(uint32_t, const char *) =
      (int (*)(uint32_t, const char *))dlsym(lib, "seccomp_syscall_resolve_name_arch");
  char *(*name_of)(uint32_t, int) = (char *(*)(uint32_t, int))dlsym(lib, "seccomp_syscall_resolve_num_arch");
  printf("libseccomp %u.%u.%u\n", version()->major, version()->minor, version()->micro);
  char arch[64], name[128], last[64] = "";
  int base;
  while (scanf("%63s %127s %d", arch, name, &base) == 3) {
    uint32_t token = arch_of(arch);
    if (!token) return fprintf(stderr, "no arch %s\n", arch), 2;
    printf("%s %s %d\n", arch, name, number(token, name));
    if (!strcmp(arch, last)) continue;
    strcpy(last, arch);
    for (int nr = base; nr < base + LAST; nr++) {
      char *has = name_of(token, nr);
      if (has) printf("%s #%d %s\n", arch, nr, has), free(has);
    }
  }
  return 0;
}
