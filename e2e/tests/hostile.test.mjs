// Every form of every page, filled with what nobody should send: answered calmly, shown as text, and run by nothing.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, visitor, weight } from "../lib/browser.mjs";
import { crawl, firstOperator } from "../lib/console.mjs";

let site;
let operator;
let tenant;
const UMA = "uma@harbour.example";

before(async () => {
  site = await Site.start();
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "Harbour <b>Clubs</b> & \\"Sons\\""
[[person]]
tenant = "harbour"
email = "${UMA}"
first_name = "<img src=x onerror=alert(1)>"
last_name = "'\\"><script>alert(2)</script>"
kind = "user"
role = "user"
verified = "administrator"
password = "${PASSWORD}"
[[application]]
tenant = "harbour"
name = "<script>alert(3)</script>"
app_id = "shop-1"
[[door]]
name = "crm"
host = "{slug}.crm.localhost"
base_url = "http://{slug}.crm.localhost:${site.port}"
dialect = "salesseek"
`);
  operator = await firstOperator(site);
  await operator.page.goto(`${site.url}/console/tenants`);
  await operator.page.getByRole("cell").getByRole("link").first().click();
  await operator.page.waitForURL(/\/console\/tenants\/[0-9a-f-]+$/);
  tenant = operator.page.url();
});
after(async () => { await close(); await site?.stop(); });

const HOSTILE = [
  "\"'><script>alert(document.domain)</script><img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "{{7*7}}${7*7}<%= 7*7 %>\u202e\ufeff'; DROP TABLE people; --",
  "%00%0d%0aset-cookie:a=b\u2028\u0000",
  "😀".repeat(3000),
];

/** Sends every form of a page with a text in each of its fields; those that end the visit are left out. */
async function abuse(page, url, text) {
  await page.goto(url);
  const forms = await page.locator("form").count();
  for (let at = 0; at < forms; at += 1) {
    await page.goto(url);
    const form = page.locator("form").nth(at);
    const action = await form.evaluate((it) => new URL(it.action).pathname);
    if (/sign-out|end-others|\/language/.test(action)) continue;
    const [response] = await Promise.all([
      page.waitForNavigation().catch((fault) => assert.fail(`${fault.message} from ${action}, a form of ${url}`)),
      form.evaluate((it, whole) => {
        // An address of this length is refused before any page is asked, and without one.
        const value = it.method === "get" ? whole.slice(0, 400) : whole;
        it.noValidate = true;
        for (const field of it.querySelectorAll("input:not([type=hidden]):not([type=checkbox]):not([type=file]), textarea")) {
          field.type = "text";
          field.value = value;
        }
        it.submit();
      }, text),
    ]);
    const status = response?.status() ?? 0;
    assert.ok(status > 0 && status < 500, `${status} from ${action}, a form of ${url}, with ${text.slice(0, 40)}`);
  }
}

test("every form of the console survives hostile input, and shows it as text", { timeout: 180_000 }, async () => {
  const { page } = operator;
  const pages = await crawl(page, tenant, /^http:\/\/localhost:\d+\/console/);
  assert.ok(pages.length > 25, `only ${pages.length} pages were found`);
  for (const [n, url] of pages.entries()) {
    // Each page a few, all of them over the pages; every one at every page would take minutes.
    for (const text of [HOSTILE[n % HOSTILE.length], HOSTILE[(n + 1) % HOSTILE.length]]) {
      // Those have nothing to fill in, and would close what the next page is about.
      if (!/\/(act|close|remove|take)/.test(url)) await abuse(page, url, text);
    }
  }
  isClean(operator);
});

test("so does every form before a sign-in, and of an account", { timeout: 120_000 }, async () => {
  const guest = await visitor();
  for (const path of ["/t/harbour/sign-in", "/t/harbour/forgot", "/console/sign-in", "/reset?token=00", "/console/welcome?code=00", "/account/sign-in"]) {
    for (const text of HOSTILE) await abuse(guest.page, site.url + path, text);
  }
  const uma = await visitor();
  await uma.page.goto(`${site.url}/t/harbour/sign-in`);
  await uma.page.locator("#email").fill(UMA);
  await uma.page.locator("#password").fill(PASSWORD);
  await uma.page.locator("main form button.primary").click();
  await uma.page.waitForURL(/\/account/);
  for (const url of await crawl(uma.page, `${site.url}/account`, /^http:\/\/localhost:\d+\/account/)) {
    await abuse(uma.page, url, HOSTILE[0]);
  }
  isClean(guest, uma);
});

test("a page of the console is light: nothing of it is in the browser yet, and it takes 100 KB at most", async () => {
  const cookies = await operator.context.cookies();
  for (const path of ["/console", "/console/tenants", "/console/doors"]) {
    const bytes = await weight(site.url + path, cookies);
    assert.ok(bytes <= 100_000, `${path} takes ${bytes} bytes`);
  }
});

test("the console is used with the keyboard alone", async () => {
  const { page } = await visitor();
  await page.goto(`${site.url}/console/sign-in`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop leads past the frame");
  await page.keyboard.press("Enter");
  await page.locator("#email").focus();
  await page.keyboard.type("ana@operators.example");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/console$/);
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement.getAttribute("href"));
    if (at === "/console/doors") break;
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", "what has the focus shows it");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/console\/doors$/);
});
