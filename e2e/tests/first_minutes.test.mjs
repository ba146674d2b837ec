// A stranger's first five minutes: from the link that `init` prints to the evidence of a consent, in the browser alone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";

let site;
before(async () => { site = await Site.start(); });
after(async () => { await close(); await site?.stop(); });

const OPERATOR = "ana@operators.example";
const UMA = "uma@harbour.example";
const UMAS = "three lamps over water";

test("an operator begins, and everything they were promised works without the command line", async () => {
  const ana = await visitor();
  const { page } = ana;

  // The link of `doorward init` makes the first operator.
  await page.goto(site.link);
  await look(page, "console-welcome");
  await page.getByLabel("E-mail address").fill(OPERATOR);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("The same password again").fill(PASSWORD);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await look(page, "console-overview-empty");

  // A tenant.
  await page.getByRole("link", { name: "Make the first tenant" }).click();
  await look(page, "console-tenant-new");
  await page.getByLabel("Name", { exact: true }).fill("Harbour Clubs");
  await page.getByLabel("Short name").fill("harbour");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("Done: it is made.").waitFor();
  await look(page, "console-tenant");
  const tenant = page.url().split("?")[0];

  // A door.
  await page.getByRole("link", { name: "Doors" }).click();
  await look(page, "console-doors-empty");
  await page.getByRole("link", { name: "New door" }).click();
  await look(page, "console-door-new");
  await page.getByLabel("Name", { exact: true }).fill("CRM");
  await page.getByLabel("What its clients speak").selectOption("salesseek");
  await page.getByLabel("Host", { exact: true }).fill("{slug}.crm.localhost");
  await page.getByLabel("Address that its answers print").fill(`http://{slug}.crm.localhost:${site.port}`);
  await page.getByRole("button", { name: "Open it" }).click();
  await page.getByText("Done: it is made.").waitFor();
  await look(page, "console-door");
  const door = page.url().split("?")[0];

  // A person, who chooses her own password with the mailed link, without scripts.
  await page.goto(`${tenant}/people`);
  await look(page, "console-people-empty");
  await page.getByRole("link", { name: "Invite somebody" }).click();
  await look(page, "console-person-new");
  await page.getByLabel("E-mail address").fill(UMA);
  await page.getByLabel("First name").fill("Uma");
  await page.getByLabel("Last name").fill("Okafor");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByText("The invitation is on its way.").waitFor();
  const person = page.url().split("?")[0];
  const uma = await visitor({ scripts: false });
  await uma.page.goto(await site.mailbox.link(UMA, "/invitation"));
  await uma.page.locator("#password").fill(UMAS);
  await uma.page.locator("#password_again").fill(UMAS);
  await uma.page.locator("main button").first().click();
  await uma.page.waitForLoadState();

  // A key, shown once.
  await page.goto(`${tenant}/keys`);
  await look(page, "console-keys-empty");
  await page.getByLabel("E-mail address of the person").fill(UMA);
  await page.getByLabel("Label", { exact: true }).fill("nightly export");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("Copy it now.").waitFor();
  await look(page, "console-key-made");
  const secret = await page.locator("code.copied").last().textContent();
  assert.match(secret, /^[0-9a-f]{64}$/);
  await page.getByRole("link", { name: "I have it" }).click();
  await page.getByRole("cell", { name: "nightly export", exact: true }).waitFor();
  await look(page, "console-keys");
  assert.ok(!(await page.content()).includes(secret));

  // A sign-in through the door arrives, is seen, and is ended.
  await page.goto(`${door}/try`);
  await look(page, "console-door-try");
  await page.getByLabel("Tenant's short name").fill("harbour");
  await page.getByLabel("E-mail address").fill(UMA);
  await page.getByLabel("Password").fill(UMAS);
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByText("The door let them in.").waitFor();
  await look(page, "console-door-tried");
  const shown = await page.content();
  assert.ok(shown.includes("POST /api/login") && shown.includes("HTTP/1.1 200"), "the exact exchange");
  assert.ok(!shown.includes(UMAS) && !shown.includes(UMAS.replaceAll(" ", "+")), "but no password");
  await page.goto(`${tenant}/sessions`);
  await page.getByRole("row").filter({ hasText: "CRM" }).waitFor();
  await look(page, "console-sessions");
  await page.getByRole("button", { name: "Sign out Uma Okafor" }).click();
  await page.getByText("signed out there at once").waitFor();
  assert.equal(await page.getByRole("row").filter({ hasText: "CRM" }).count(), 0);
  await page.goto(`${tenant}/events`);
  await page.getByText("Uma Okafor signed in at Harbour Clubs through the door CRM").waitFor();
  await page.getByText(/ended sessions of Uma Okafor/).waitFor();
  await look(page, "console-events");
  await page.getByText("Uma Okafor signed in at Harbour Clubs through the door CRM").click();
  await page.getByRole("heading", { name: "The record" }).waitFor();
  await look(page, "console-event");
  await page.goto(person);
  await look(page, "console-person");

  // Terms are published, Uma agrees, and the evidence is a file.
  await page.goto(`${tenant}/terms`);
  await look(page, "console-terms-empty");
  await page.getByLabel("Version").fill("2026-11");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "Publish version 2026-11?" }).waitFor();
  await look(page, "console-terms-sure");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Published: it holds from now on.").waitFor();
  await uma.page.goto(`${site.url}/t/harbour/sign-in`);
  await uma.page.locator("#email").fill(UMA);
  await uma.page.locator("#password").fill(UMAS);
  await uma.page.locator("main form button").first().click();
  await uma.page.locator("#agreed").check();
  await uma.page.locator("main form button").first().click();
  await uma.page.waitForURL(/\/account/);
  await page.reload();
  await look(page, "console-terms");
  await page.getByRole("link", { name: "2026-11" }).click();
  await page.getByText(UMA).waitFor();
  await look(page, "console-consents");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Evidence as CSV" }).click(),
  ]);
  const evidence = readFileSync(await download.path(), "utf8");
  assert.ok(evidence.includes(UMA) && evidence.includes("2026-11"), evidence);

  await page.goto(`${tenant}/mails`);
  await look(page, "console-mails");
  // Another operator's link stands in the list until somebody opens it.
  await page.goto(`${site.url}/console/operators/new`);
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByRole("link", { name: "I have it" }).click();
  await page.getByRole("heading", { name: "Links that nobody has opened yet" }).waitFor();
  await look(page, "console-operators");
  await page.getByRole("button", { name: /Take back/ }).click();
  await page.getByText("No such link is open any more.").waitFor();
  await page.goto(`${tenant}/applications/new`);
  await look(page, "console-application-new");
  await page.getByLabel("Name", { exact: true }).fill("Web shop");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("link", { name: "I have it" }).click();
  await page.getByRole("heading", { name: "Web shop" }).waitFor();
  await look(page, "console-application");
  await page.goto(`${tenant}/close?step=suspend`);
  await look(page, "console-danger");
  await page.goto(`${site.url}/console`);
  await page.getByRole("img", { name: /Sign-ins by door/ }).waitFor();
  await page.getByText("The numbers of sign-ins by door").click();
  await page.getByRole("cell", { name: "CRM", exact: true }).waitFor();
  await look(page, "console-overview");
  isClean(ana, uma);
});
