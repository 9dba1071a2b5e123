/** Makes what is published out of what the compiler emitted: `npm run build`. */
import { rmSync } from "node:fs";
import { buildCode } from "./build/code.ts";
import { DIST } from "./build/rooms.ts";
import { buildTypes } from "./build/types.ts";

rmSync(DIST, { recursive: true, force: true });
await buildCode();
await buildTypes();
