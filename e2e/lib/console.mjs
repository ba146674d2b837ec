// Ways into and through the console.
import assert from "node:assert/strict";
import { PASSWORD } from "./site.mjs";
import { visitor } from "./browser.mjs";

/** A window in front of which the first operator is signed in, by the link of `init`. */
export async function firstOperator(site) {
  const operator = await visitor();
  await operator.page.goto(site.link);
  await operator.page.locator("#email").fill("ana@operators.example");
  await operator.page.locator("#password").fill(PASSWORD);
  await operator.page.locator("#password_again").fill(PASSWORD);
  await operator.page.getByRole("button", { name: "Begin" }).click();
  await operator.page.waitForURL(/\/console$/);
  return operator;
}

/** Everything a signed-in visitor reaches by links, from one page on: an address each, ids aside. */
export async function crawl(page, start, within) {
  const seen = new Map();
  const queue = [start];
  while (queue.length) {
    const url = queue.shift();
    const kind = url.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}").replace(/(cursor|after|before)=[^&]*/g, "$1");
    if (seen.has(kind)) continue;
    const response = await page.goto(url).catch(() => null);
    // A file that is downloaded is no page.
    if (!response) continue;
    assert.ok(response.status() < 400, `${response.status()} at ${url}`);
    seen.set(kind, url);
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => a.href));
    queue.push(...links.filter((href) => within.test(href) && !/export|data\.json/.test(href)).map((href) => href.split("#")[0]));
  }
  return [...seen.values()];
}
