// Starts the console. Should that fail, the page says so instead of staying empty.

import init, { run } from "./console.js";
import { Files } from "./files.js";

try {
  await init({ module_or_path: new URL("console_bg.wasm", import.meta.url) });
  run({ files: (/** @type {string} */ agentId) => new Files(agentId) });
} catch (error) {
  console.error("Tandem: the console did not start:", error);
  const notice = document.querySelector(".boot");
  if (notice) notice.textContent = "Tandem could not start. Check the connection and load the page again.";
}
