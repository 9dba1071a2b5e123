/** Programs for fast-check: what the search makes, as arbitraries for properties of your own. */
export { programs } from "./programs.ts";
