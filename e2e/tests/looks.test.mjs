// Every page there is to somebody who is signed in, found by following links: what each is held to, and its pictures.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";
import { crawl, firstOperator } from "../lib/console.mjs";

let site;
before(async () => {
  site = await Site.start();
  const person = (first, last, more = "") => `
[[person]]
tenant = "harbour"
email = "${first.toLowerCase()}@harbour.example"
first_name = "${first}"
last_name = "${last}"
verified = "administrator"
password = "${PASSWORD}"
${more}
`;
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour Clubs"
[tenant.policy]
session_idle = "12h"
callbacks = ["https://harbour.example/welcome"]
[[tenant]]
slug = "harbour-gym"
parent = "harbour"
display_name = "Harbour Gym"
[[tenant]]
slug = "harbour-spa"
parent = "harbour"
display_name = "Harbour Spa and Wellness at the Old Lighthouse"
[[door]]
name = "crm"
host = "{slug}.crm.localhost"
base_url = "http://{slug}.crm.localhost:${site.port}"
dialect = "salesseek"
[[door]]
name = "guild"
host = "guild.localhost"
base_url = "http://guild.localhost:${site.port}"
dialect = "rubicrm"
tenant = "harbour"
[[application]]
tenant = "harbour"
name = "web shop"
app_id = "shop-1"
[[terms]]
tenant = "harbour"
version = "2026-11"
url = "https://example.com/terms"
${person("Uma", "Okafor", '[[person.membership]]\ntenant = "harbour-spa"\nkind = "member"')}
${person("Olga", "Lindqvist-Featherstonehaugh", 'kind = "administrator"\nrole = "owner"')}
${person("Ben", "Ng")}
[[key]]
person = "olga@harbour.example"
tenant = "harbour"
label = "nightly export to the warehouse"
rate = "5/2s"
`);
});
after(async () => { await close(); await site?.stop(); });

/** A page's picture is called like its address, without ids. */
function named(url) {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "one").replace(/[^a-z0-9-]+/gi, "-").replace(/^-|-$/g, "").slice(0, 80);
}

async function lookAtAll(who, start, within, least) {
  const pages = await crawl(who.page, start, within);
  assert.ok(pages.length >= least, `only ${pages.length} pages were found: ${pages.join(" ")}`);
  for (const url of pages) {
    await who.page.goto(url);
    await look(who.page, `all-${named(url)}`);
  }
  isClean(who);
}

async function signedIn(address) {
  const who = await visitor();
  await who.page.goto(`${site.url}/t/harbour/sign-in`);
  await who.page.locator("#email").fill(address);
  await who.page.locator("#password").fill(PASSWORD);
  await who.page.locator("main form button.primary").click();
  await who.page.waitForURL(/\/account/);
  return who;
}

test("every page of the console is calm in both themes at three widths", { timeout: 400_000 }, async () => {
  // Somebody is signed in, so that lists have something to show.
  await (await signedIn("olga@harbour.example")).context.close();
  const operator = await firstOperator(site);
  await lookAtAll(operator, `${site.url}/console`, /^http:\/\/localhost:\d+\/console/, 40);
  // What is only at a tenant below another.
  await operator.page.goto(`${site.url}/console/tenants`);
  await operator.page.getByRole("cell").getByRole("link").first().click();
  await operator.page.getByRole("link", { name: /Harbour Spa/ }).click();
  await operator.page.getByRole("link", { name: "Move" }).click();
  await operator.page.getByLabel("Short name of the tenant").waitFor();
  await look(operator.page, "all-console-tenants-one-move");
  isClean(operator);
});

test("how a tenant's pages look is said in the console and seen on them", { timeout: 120_000 }, async () => {
  const olga = await signedIn("olga@harbour.example");
  const { page } = olga;
  await page.goto(`${site.url}/console/tenants`);
  await page.getByRole("cell").getByRole("link", { name: "Harbour Clubs" }).click();
  await page.getByRole("link", { name: "Look", exact: true }).click();
  await page.getByLabel("Name on pages").fill("The Harbour <Clubs>");
  await page.getByLabel("Colour of buttons").fill("yellow");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("like #0b3c8d").waitFor();
  await look(page, "look-refused");
  await page.getByLabel("Colour of buttons").fill("#ffd400");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").waitFor();
  // Any picture will do: a corner of the page itself.
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 400, height: 40 } });
  const logo = { name: "logo.png", mimeType: "image/png", buffer };
  await page.getByLabel("A picture").setInputFiles(logo);
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("button", { name: "Take it away" }).waitFor();
  await look(page, "look-own");
  await page.getByRole("link", { name: "Look at its sign-in page" }).click();
  await page.getByRole("img", { name: "The Harbour <Clubs>" }).waitFor();
  await look(page, "look-sign-in");
  // Below it: theirs, until it says something of its own.
  await page.goto(`${site.url}/console/tenants`);
  await page.getByRole("cell").getByRole("link", { name: "Harbour Clubs" }).click();
  await page.getByRole("link", { name: /Harbour Spa/ }).click();
  await page.getByRole("link", { name: "Look", exact: true }).click();
  await page.getByText("as Harbour Clubs decided").first().waitFor();
  await look(page, "look-below");
  isClean(olga);
});

test("every page of an account is calm in both themes at three widths", { timeout: 200_000 }, async () => {
  const uma = await signedIn("uma@harbour.example");
  // Nothing else is shown to whoever owes consent.
  await uma.page.goto(`${site.url}/account/terms`);
  await look(uma.page, "all-account-terms-owed");
  await uma.page.locator("#agreed").check();
  await uma.page.locator("main form button.primary").first().click();
  await uma.page.waitForURL((url) => !url.pathname.endsWith("/terms"));
  await lookAtAll(uma, `${site.url}/account`, /^http:\/\/localhost:\d+\/account/, 6);
});
