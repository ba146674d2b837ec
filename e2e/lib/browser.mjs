// Debian's Chromium, and what every page is held to: nothing serious for axe, nothing from elsewhere, nothing refused by the
// content policy, no scrolling sideways. Pictures of it go to target/screens/, for looking at.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCREENS = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "screens");

export const WIDTHS = [320, 768, 1280];

let launched;

/** The one browser of a test file. */
export function browser() {
  launched ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  return launched;
}

export async function close() {
  await (await launched)?.close();
  launched = undefined;
}

/** A window of its own, with its own cookies; tells of what went wrong in any of its pages. */
export async function visitor({ scripts = true, locale = "en-GB" } = {}) {
  const context = await (await browser()).newContext({
    javaScriptEnabled: scripts,
    locale,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  page.on("dialog", async (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (/^http/.test(protocol) && hostname !== "localhost") faults.push(`asked elsewhere: ${request.url()}`);
  });
  page.setDefaultTimeout(15_000);
  return { context, page, faults };
}

/** What [look] found, of all pages of a test: told together, so that one run shows all there is to mend. */
let seen = [];

/** At the end of a test: nothing may have been found. */
export function isClean(...visitors) {
  const found = [...seen, ...visitors.flatMap(({ faults }) => faults)];
  seen = [];
  assert.deepEqual(found, [], found.join("\n"));
}

/** Looks at the page as it stands: axe in both themes, no sideways scrolling at any width, and a picture of each. */
export async function look(page, name) {
  mkdirSync(SCREENS, { recursive: true });
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const sideways = await page.evaluate(() => {
        const wide = document.documentElement.scrollWidth - window.innerWidth;
        return wide > 0 ? wide : 0;
      });
      if (sideways) seen.push(`${name} scrolls sideways by ${sideways} px at ${width} px`);
      await page.screenshot({ path: path.join(SCREENS, `${name}-${theme}-${width}.png`), fullPage: true });
    }
    for (const { id, at } of await axe(page)) seen.push(`${name}, ${theme}: ${id}: ${at.join("; ")}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What axe finds serious or critical, as rule and element. */
async function axe(page) {
  // Evaluated by the browser's own protocol, not by the page, so the content policy stays as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await window.axe.run(document, { runOnly: { type: "tag", values: tags } })).violations;
  });
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ({ id, at: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`) }));
}

/** Bytes over the wire for one page in a browser that has nothing of it yet. */
export async function weight(url, cookies = []) {
  const { context, page } = await visitor();
  await context.addCookies(cookies);
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(url, { waitUntil: "networkidle" });
  await context.close();
  return bytes;
}
