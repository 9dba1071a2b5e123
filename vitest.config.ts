import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  // Examples import trapgate by name.
  resolve: {
    alias: [
      { find: /^trapgate$/, replacement: join(import.meta.dirname, "src/index.ts") },
      { find: /^trapgate\/(.+)$/, replacement: join(import.meta.dirname, "src/$1/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/setup.ts"],
    reporters: ["default", "./test/support/reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "threads",
    maxWorkers: 2,
  },
});

export default config;
