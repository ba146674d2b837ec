// Who still uses what, in a real browser: a sign-in through a door is seen within seconds, with who is in the way.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { PASSWORD, Site } from "../lib/site.mjs";
import { firstOperator } from "../lib/console.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";

const BOSS = "boss@harbour.example";
const UMA = "uma@harbour.example";

let site;
before(async () => {
  site = await Site.start();
  const people = [[BOSS, "administrator", "admin", "Bo"], [UMA, "administrator", "user", "Uma"]];
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour Clubs"
[[door]]
name = "CRM"
host = "{slug}.crm.localhost"
base_url = "http://{slug}.crm.localhost:${site.port}"
dialect = "salesseek"
[[door]]
name = "Old shop"
host = "shop.localhost"
base_url = "http://shop.localhost:${site.port}"
dialect = "bookingbug"
[[application]]
tenant = "harbour"
name = "Web shop"
app_id = "webshop1"
${people.map(([email, kind, role, first]) => `
[[person]]
tenant = "harbour"
email = "${email}"
first_name = "${first}"
last_name = "Okafor"
kind = "${kind}"
role = "${role}"
verified = "administrator"
password = "${PASSWORD}"`).join("\n")}
`);
});
after(async () => { await close(); await site?.stop(); });

test("a sign-in through a door is seen within seconds, and who is in the way", async () => {
  const { page, faults } = await visitor();
  await page.goto(`${site.url}/console/sign-in`);
  await page.getByLabel("Organisation").fill("harbour");
  await page.getByLabel("E-mail address").fill(BOSS);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/console/);
  await page.getByRole("link", { name: "Harbour Clubs" }).first().click();
  await page.getByRole("link", { name: "Who still uses what" }).click();
  await page.getByText("too early to say").first().waitFor();

  assert.equal(await signInThroughDoor(), 200);

  const deadline = Date.now() + 10_000;
  for (;;) {
    await page.reload();
    if (await page.getByText("1 person still uses it.").count()) break;
    assert.ok(Date.now() < deadline, "the page does not show it");
  }
  await look(page, "console-usage");
  await page.getByRole("link", { name: "CRM", exact: true }).click();
  await page.getByRole("link", { name: "Uma Okafor" }).waitFor();
  await page.getByRole("img", { name: /Uses by day/ }).waitFor();
  await page.getByText("The numbers of uses by day").click();
  await look(page, "console-usage-door");
  await page.getByRole("link", { name: "365 days" }).click();
  await page.getByRole("img", { name: /Uses by week/ }).waitFor();
  await look(page, "console-usage-door-year");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "These people as CSV" }).click(),
  ]);
  assert.ok(readFileSync(await download.path(), "utf8").includes(UMA));
  await page.goto(`${site.url}/console`);
  await page.getByRole("img", { name: /Sign-ins by door/ }).waitFor();
  await look(page, "console-overview-tenant");
  isClean({ faults });
});

test("an operator finds every tenant that keeps a door in use, and is told before it is taken away", async () => {
  const { page, faults } = await firstOperator(site);
  await page.getByRole("link", { name: "Doors" }).click();
  await page.getByRole("row", { name: /CRM/ }).getByRole("link", { name: "Who still uses it" }).click();
  await page.getByText(/It was used (once|\d+ times) in the last 30 days\./).waitFor();
  await page.getByRole("img", { name: /Uses by day/ }).waitFor();
  await look(page, "console-door-usage");
  await page.getByRole("cell", { name: "Harbour Clubs" }).getByRole("link").click();
  await page.getByRole("link", { name: "Uma Okafor" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "CRM", exact: true }).click();
  await page.getByRole("link", { name: "Take it away" }).click();
  await page.getByText(/It was used (once|\d+ times)/).waitFor();
  await look(page, "console-door-take");
  isClean({ faults });
});

/** As a client of the CRM signs in: fetch forbids to choose the host, so this asks by hand. */
async function signInThroughDoor() {
  const body = JSON.stringify({ email: UMA, password: PASSWORD });
  return new Promise((done, fail) => {
    const request = http.request({
      host: "127.0.0.1",
      port: site.port,
      path: "/api/login",
      method: "POST",
      headers: {
        host: `harbour.crm.localhost:${site.port}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      },
    }, (answer) => { answer.resume(); done(answer.statusCode); });
    request.once("error", fail);
    request.end(body);
  });
}
