// The pages of people: hosted ones without scripts and in three languages, the account, and two browsers of one person.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor, weight } from "../lib/browser.mjs";

const UMA = "uma@harbour.example";
const LEA = "lea@harbour.example";

let site;
before(async () => {
  site = await Site.start();
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour Clubs"
[[tenant]]
slug = "longword"
display_name = "Donaudampfschifffahrtsgesellschaftskapitänswitwenverein"
[[person]]
tenant = "harbour"
email = "${UMA}"
first_name = "Uma"
last_name = "Okafor"
kind = "user"
role = "user"
verified = "administrator"
password = "${PASSWORD}"
[[person]]
tenant = "harbour"
email = "${LEA}"
first_name = "Lea"
kind = "user"
role = "user"
verified = "administrator"
password = "${PASSWORD}"
`);
});
after(async () => { await close(); await site?.stop(); });

async function signIn(page, password = PASSWORD, email = UMA) {
  await page.goto(`${site.url}/t/harbour/sign-in`);
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(password);
  await page.locator("main form button.primary").click();
  await page.waitForURL(/\/account/);
}

test("every hosted page is calm in both themes, in three languages, and light on the wire", async () => {
  const { page, faults } = await visitor();
  for (const [path, name] of [["/t/harbour/sign-in", "hosted-sign-in"], ["/t/harbour/forgot", "hosted-forgot"], ["/t/harbour/signed-out", "hosted-signed-out"], ["/t/longword/sign-in", "hosted-long-name"], ["/reset?token=00", "hosted-broken-link"], ["/nothing/here", "hosted-nothing-here"]]) {
    await page.goto(site.url + path);
    await look(page, name);
    const bytes = await weight(site.url + path);
    assert.ok(bytes <= 30_000, `${path} takes ${bytes} bytes`);
  }
  for (const [locale, word] of [["de-DE", "Passwort"], ["fr-FR", "Mot de passe"]]) {
    const reader = await visitor({ locale });
    await reader.page.goto(`${site.url}/t/harbour/sign-in`);
    assert.ok((await reader.page.textContent("main")).includes(word), locale);
    await look(reader.page, `hosted-sign-in-${locale}`);
    await reader.page.getByRole("button", { name: "English" }).click();
    await reader.page.getByText("Password", { exact: true }).first().waitFor();
    await reader.context.close();
  }
  isClean({ faults });
});

test("without scripts a password is forgotten, chosen anew and used", async () => {
  const { page } = await visitor({ scripts: false });
  await page.goto(`${site.url}/t/harbour/sign-in`);
  await page.locator("main a", { hasText: "Forgot" }).click();
  await page.locator("#email").fill(UMA);
  await page.locator("main form button").click();
  const link = await site.mailbox.link(UMA, "/reset");
  await page.goto(link);
  await page.locator("#password").fill("short");
  await page.locator("#password_again").fill("short");
  await page.locator("main form button").click();
  await page.getByRole("alert").waitFor();
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#password_again").fill(PASSWORD);
  await page.locator("main form button").click();
  await page.waitForLoadState();
  await signIn(page);
  await page.locator("form[action='/account/sign-out'] button").click();
  await page.waitForURL(/signed-out/);
  // Their browser knows where they belong.
  await page.goto(`${site.url}/account`);
  assert.equal(await page.locator("#organisation").inputValue(), "harbour");
  // The link is used up, and leads on.
  await page.goto(link);
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  await page.locator("main a", { hasText: "Set a new password" }).click();
  await page.waitForURL(/harbour\/forgot/);
});

test("a mail comes in the language of whoever asks for it, and in the one that was chosen", async () => {
  const reader = await visitor({ locale: "de-DE" });
  await reader.page.goto(`${site.url}/t/harbour/forgot`);
  await reader.page.locator("#email").fill(LEA);
  await reader.page.locator("main form button").click();
  const link = await site.mailbox.link(LEA, "/reset");
  await reader.page.goto(link);
  assert.match(site.mailbox.newest(LEA), /Wenn Sie das waren, wählen Sie hier ein neues/);
  await reader.page.locator("#password").fill(PASSWORD);
  await reader.page.locator("#password_again").fill(PASSWORD);
  await reader.page.locator("main form button.primary").click();
  await reader.page.waitForLoadState();
  await signIn(reader.page, PASSWORD, LEA);
  await reader.page.goto(`${site.url}/account/mails`);
  assert.equal(await reader.page.locator("#language").inputValue(), "de", "as the reset showed");
  await reader.page.locator("#language").selectOption("fr");
  await reader.page.locator("#morning").check();
  await reader.page.locator("main form button.primary").click();
  await reader.page.getByRole("status").waitFor();
  assert.equal(await reader.page.locator("#language").inputValue(), "fr");
  assert.equal(await reader.page.locator("#morning").isChecked(), true);
  await look(reader.page, "account-mails-de");
  await reader.page.goto(link);
  await look(reader.page, "hosted-used-link");
  await reader.page.goto(`${site.url}/account/sign-in`);
  await look(reader.page, "account-whose");
  isClean(reader);
});

test("of two browsers one ends the other's session", async () => {
  const [here, there] = [await visitor(), await visitor()];
  await signIn(there.page);
  await signIn(here.page);
  await look(here.page, "account-sign-ins");
  await here.page.locator("form[action='/account/sign-ins/end'] button").first().click();
  await here.page.getByRole("status").waitFor();
  await there.page.reload();
  await there.page.waitForURL(/sign-in/);
  await here.page.reload();
  assert.match(here.page.url(), /\/account/);
  isClean(here, there);
});

test("the account's rooms are calm in both themes, and do what they say", async () => {
  const { page, faults } = await visitor();
  await signIn(page);
  for (const room of ["password", "email", "mails", "keys", "data"]) {
    await page.goto(`${site.url}/account/${room}`);
    await look(page, `account-${room}`);
  }
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a[href='/account/data.json']").click(),
  ]);
  assert.equal(download.suggestedFilename().endsWith(".json"), true);
  await page.goto(`${site.url}/account/password`);
  await page.locator("input[name=current_password], input[name=current], input[name=present]").first().fill("wrong");
  await page.locator("input[name=password]").fill("another long one 42");
  await page.locator("input[name=password_again]").fill("another long one 42");
  await page.locator("main form button.primary").click();
  await page.getByRole("alert").waitFor();
  await look(page, "account-password-refused");
  isClean({ faults });
});
