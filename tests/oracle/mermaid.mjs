// Parses Mermaid texts with Mermaid's own parser.
//
// In: a JSON array of texts on standard input. Out: for each null or what is
// wrong with it.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

const answers = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    await mermaid.parse(text);
    answers.push(null);
  } catch (error) {
    answers.push(String(error?.message ?? error));
  }
}
process.stdout.write(JSON.stringify(answers));
