// Buttons that are pressed twice on a slow line, and pages that are loaded again after a form.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";
import { firstOperator } from "../lib/console.mjs";

const UMA = "uma@harbour.example";
const NEXT = "brave-kettle-hums-1968";

let site;
before(async () => {
  site = await Site.start();
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour Clubs"
[[person]]
tenant = "harbour"
email = "${UMA}"
kind = "user"
role = "user"
verified = "administrator"
password = "${PASSWORD}"
`);
});
after(async () => { await close(); await site?.stop(); });

/** A line on which an answer takes its time, so that a second press comes before it. */
async function slow({ context, page }) {
  const session = await context.newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 300, downloadThroughput: -1, uploadThroughput: -1 });
}

test("a button that is pressed twice sends once, and a page that is loaded again makes nothing", async () => {
  const operator = await firstOperator(site);
  const { page } = operator;
  let sent = 0;
  page.on("request", (request) => { if (request.method() === "POST") sent += 1; });
  await slow(operator);
  await page.goto(`${site.url}/console/tenants`);
  const tenant = new URL(await page.getByRole("link", { name: "Harbour Clubs" }).getAttribute("href"), site.url).href;

  await page.goto(`${tenant}/people/new`);
  await page.locator("#email").fill("ida@harbour.example");
  await page.getByRole("button", { name: "Invite" }).dblclick();
  await page.getByText("The invitation is on its way.").waitFor();
  assert.equal(sent, 1);

  await page.goto(`${tenant}/keys`);
  await page.locator("#email").fill(UMA);
  await page.locator("#label").fill("export");
  await page.getByRole("button", { name: "Make it" }).dblclick();
  await page.locator("code.copied").first().waitFor();
  assert.equal(sent, 2);
  await page.reload();
  await page.getByText("This form was sent before").waitFor();
  await look(page, "console-made-before");
  await page.getByRole("link", { name: "Go on" }).click();
  await page.getByRole("link", { name: "New secret" }).click();
  await page.getByRole("button", { name: "Make a new secret" }).dblclick();
  await page.locator("code.copied").first().waitFor();
  await page.reload();
  await page.getByText("it may have its new secret already").waitFor();
  await look(page, "console-renewed-before");
  isClean(operator);
});

test("a password that is changed with two presses is changed, and the page says so", async () => {
  const reader = await visitor();
  const { page } = reader;
  await page.goto(`${site.url}/t/harbour/sign-in`);
  await page.locator("#email").fill(UMA);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("main form button.primary").click();
  await page.waitForURL(/\/account/);
  await page.goto(`${site.url}/t/harbour/sign-in`);
  await page.getByText(`You are signed in as ${UMA} (Harbour Clubs).`).waitFor();
  await look(page, "hosted-signed-in-already");
  await slow(reader);
  await page.goto(`${site.url}/account/password`);
  await page.locator("#current_password").fill(PASSWORD);
  await page.locator("#password").fill(NEXT);
  await page.locator("#password_again").fill(NEXT);
  await page.locator("main form button.primary").dblclick();
  await page.getByRole("status").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  isClean(reader);
});
