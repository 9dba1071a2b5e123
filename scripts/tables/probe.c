/*
 * Enters every number from FROM to TO once, on the 64-bit entry (64) or through int $0x80 (32), with every argument
 * word WORD, and prints "number result" a line; -9999 where a call did not come back. Each number has a process of its
 * own, below the init of fresh pid, mount, UTS, IPC and network namespaces: with words that are no address, no
 * descriptor and no length, what a call could do it does there.
 *
 *   probe 64|32 FROM TO WORD
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long call64(long nr, long word) {
  register long r10 __asm__("r10") = word, r8 __asm__("r8") = word, r9 __asm__("r9") = word;
  long ret;
  __asm__ volatile("syscall"
                   : "=a"(ret)
                   : "0"(nr), "D"(word), "S"(word), "d"(word), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return ret;
}

static long call32(long nr, long word) {
  int ret;
  __asm__ volatile("push %%rbp; push %%rbx; mov %%ecx, %%ebx; mov %%ecx, %%ebp; int $0x80; pop %%rbx; pop %%rbp"
                   : "=a"(ret)
                   : "0"((int)nr), "c"((int)word), "d"((int)word), "S"((int)word), "D"((int)word)
                   : "memory", "r8", "r9", "r10", "r11");
  return ret;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int abi = atoi(argv[1]), from = atoi(argv[2]), to = atoi(argv[3]);
  long word = atol(argv[4]);
  long *res = mmap(0, sizeof(long) * (to + 1), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET)) {
    perror("unshare");
    return 2;
  }
  pid_t init = fork();
  if (init == 0) {
    setsid();
    mount("none", "/", 0, MS_REC | MS_PRIVATE, 0);
    for (int n = from; n <= to; n++) {
      res[n] = -9999;
      pid_t kid = fork();
      if (kid == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        setpgid(0, 0);
        long r = abi == 64 ? call64(n, word) : call32(n, word);
        res[n] = r;
        _exit(0);
      }
      for (int i = 0; i < 300; i++) {
        int st;
        if (waitpid(kid, &st, WNOHANG) == kid) {
          kid = 0;
          break;
        }
        usleep(1000);
      }
      if (kid) kill(kid, SIGKILL), waitpid(kid, 0, 0);
      while (waitpid(-1, 0, WNOHANG) > 0);
    }
    _exit(0);
  }
  waitpid(init, 0, 0);
  for (int n = from; n <= to; n++) printf("%d %ld\n", n, res[n]);
}
