// Long work in the console: a file of people is looked through, started, left, found again; its bad lines are mended; a file of
// people is made and taken. All of it without scripts.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";

let site;
before(async () => {
  site = await Site.start();
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour Clubs"
`);
});
after(async () => { await close(); await site?.stop(); });

const PEOPLE = 2_000;

/** What a German spreadsheet saves. */
function file() {
  const rows = Array.from({ length: PEOPLE }, (_, n) => `member${n}@harbour.example;Mia;"Müller; ${n}";user`);
  return ["\ufeffE-Mail;Vorname;Nachname;Role", ...rows, "nobody;Nemo;;", "x@harbour.example;;;captain", ""].join("\r\n");
}

const upload = (text) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

test("people come from a file, whoever began it leaves, and finds it again", async () => {
  const ana = await visitor();
  const { page } = ana;
  await page.goto(site.link);
  await page.locator("#email").fill("ana@operators.example");
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#password_again").fill(PASSWORD);
  await page.locator("main form button").click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.goto(`${site.url}/console/tenants`);
  await page.getByRole("link", { name: "Harbour Clubs" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "People" }).click();
  await page.getByRole("link", { name: "Import from a file" }).click();
  await look(page, "console-import");

  await page.getByLabel("A file of comma-separated values").setInputFiles(upload("emial\nx@harbour.example\n"));
  await page.getByRole("button", { name: "Look it through" }).click();
  await page.getByText("did you mean email?").waitFor();
  await look(page, "console-import-refused");

  await page.getByLabel("A file of comma-separated values").setInputFiles(upload(file()));
  await page.getByRole("button", { name: "Look it through" }).click();
  await page.getByText("2,000 people will be made; 2 lines cannot be done.").waitFor();
  await look(page, "console-import-checked");

  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("status").waitFor();
  const work = page.url().split("?")[0];
  await page.goto(`${work}?still=1`);
  if (await page.getByRole("progressbar").count()) await look(page, "console-import-running");
  // Left, and found again by the ways of the tenant.
  await page.goto(`${site.url}/console`);
  await page.goto(work.replace(/\/works\/.*/, ""));
  await page.getByRole("navigation").getByRole("link", { name: "Imports and exports" }).last().click();
  await look(page, "console-works");
  await page.getByRole("link", { name: "Import of people" }).click();
  // The page asks for itself again until it is done.
  await page.getByText("2,000 people made, 2 lines refused.").waitFor({ timeout: 60_000 });
  await look(page, "console-import-done");
  await page.goto(`${site.url}/console/works`);
  await page.getByText("Harbour Clubs").first().waitFor();
  await look(page, "console-works-all");

  await page.goto(work);
  const [lines] = await Promise.all([page.waitForEvent("download"), page.getByText("These lines as CSV").click()]);
  assert.match(readFileSync(await lines.path(), "utf8"), /"nobody","Nemo"/);

  await page.getByRole("link", { name: "Imports and exports" }).last().click();
  await page.getByRole("button", { name: "Of all people" }).click();
  await page.getByText("2,000 rows.").waitFor({ timeout: 30_000 });
  await look(page, "console-export-done");
  const [taken] = await Promise.all([page.waitForEvent("download"), page.getByText("Take it as CSV").click()]);
  assert.equal(readFileSync(await taken.path(), "utf8").trim().split("\r\n").length, PEOPLE + 1);
  isClean(ana);
});
