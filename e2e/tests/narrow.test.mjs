// A phone's width, long names, refused forms and brands of any colour: nothing scrolls sideways, nothing is said out of sight,
// no button is without an edge.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { PASSWORD, Site } from "../lib/site.mjs";
import { close, isClean, look, visitor } from "../lib/browser.mjs";
import { crawl, firstOperator } from "../lib/console.mjs";

const LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
const UNNAMED = "christinamustermannschmidt@northwindtrading.example";
const HEBREW = "\u05d0\u05d1\u05d2 \u202e1234";

let site;
let operator;
let tenant;
before(async () => {
  site = await Site.start();
  const person = (email, names) => `
[[person]]
tenant = "harbour"
email = "${email}"
${names}
kind = "user"
role = "user"
verified = "administrator"
password = "${PASSWORD}"
`;
  site.apply(`
[[tenant]]
slug = "harbour"
display_name = "${LONG}"
[tenant.profile]
brand_colour = "#ffffff"
${"a_fact_of_a_long_name_that_has_no_space".repeat(2)} = "${LONG}"
[[tenant]]
slug = "longest"
parent = "harbour"
display_name = "${"n".repeat(93)}"
[[tenant]]
slug = "night"
display_name = "Night"
[tenant.profile]
brand_colour = "#000000"
[[tenant]]
slug = "plain"
display_name = "Plain"
${person(UNNAMED, "")}
${person("w@harbour.example", 'first_name = "Wolfeschlegelsteinhausenberg"')}
${person("h@harbour.example", `first_name = "${HEBREW}"`)}
[[application]]
tenant = "harbour"
name = "${"application".repeat(8)}"
app_id = "shop-1"
[[terms]]
tenant = "harbour"
version = "${"v".repeat(100)}"
url = "https://example.com/${"terms".repeat(20)}"
[[key]]
person = "${UNNAMED}"
tenant = "harbour"
label = "${"nightlyexport".repeat(7)}"
[[door]]
name = "${"door".repeat(25)}"
host = "${"crm".repeat(20)}.localhost"
base_url = "http://${"crm".repeat(20)}.localhost"
dialect = "rubicrm"
tenant = "harbour"
`);
  operator = await firstOperator(site);
  await operator.page.goto(`${site.url}/console/tenants`);
  await operator.page.getByRole("cell").getByRole("link", { name: LONG }).click();
  await operator.page.waitForURL(/\/console\/tenants\/[0-9a-f-]+$/);
  tenant = operator.page.url();
});
after(async () => { await close(); await site?.stop(); });

/** Pages that scroll sideways, and by how much. */
async function sideways(page, pages) {
  const found = [];
  for (const url of pages) {
    await page.goto(url);
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) found.push(`${url} by ${wide} px at ${width} px`);
    }
  }
  return found;
}

async function signedIn(address, slug = "harbour") {
  const who = await visitor();
  await who.page.goto(`${site.url}/t/${slug}/sign-in`);
  await who.page.locator("#email").fill(address);
  await who.page.locator("#password").fill(PASSWORD);
  await who.page.locator("main form button.primary").click();
  await who.page.waitForURL(/\/account/);
  return who;
}

test("names of one long word scroll no page sideways", { timeout: 300_000 }, async () => {
  const { page } = operator;
  // Somebody is signed in, who owes consent, so that lists have something to show.
  const { page: hers } = await signedIn(UNNAMED);
  await hers.goto(`${site.url}/account/terms`);
  await hers.locator("#agreed").check();
  await hers.locator("main form button.primary").first().click();
  await hers.waitForURL((url) => !url.pathname.endsWith("/terms"));
  const console_ = await crawl(page, `${site.url}/console`, /^http:\/\/localhost:\d+\/console/);
  // One page of each kind is crawled; these are the persons and tenants that it may have left out.
  const more = [];
  for (const list of [`${site.url}/console/tenants`, `${tenant}/people`, tenant]) {
    await page.goto(list);
    more.push(...await page.locator("td > a").evaluateAll((all) => all.map((a) => a.href)));
  }
  const account = await crawl(hers, `${site.url}/account`, /^http:\/\/localhost:\d+\/account/);
  // What is decided above is told with the name of who decided it.
  more.push(...more.filter((url) => /\/tenants\/[^/]+$/.test(url)).flatMap((url) => [`${url}/look`, `${url}/policy`]));
  const hosted = ["/t/harbour/sign-in", "/t/harbour/forgot", "/t/harbour/signed-out"].map((path) => site.url + path);
  assert.ok(console_.length > 40 && more.length > 6, `${console_.length} and ${more.length} pages`);
  const found = [
    ...await sideways(page, [...new Set([...console_, ...more])]),
    ...await sideways(hers, [...account, ...hosted]),
  ];
  assert.deepEqual(found, [], found.join("\n"));
  for (const [url, name] of [[`${tenant}/people`, "people"], [more[0], "tenant"], [`${tenant}/keys`, "keys"], [`${tenant}/events`, "events"], [`${site.url}/console/tenants`, "tenants"]]) {
    await page.goto(url);
    await look(page, `narrow-${name}`);
  }
  const person = more.find((url) => /\/people\//.test(url));
  await page.goto(person);
  await look(page, "narrow-person");
  isClean(operator);
});

test("without scripts a refused form is in sight, has the focus, and the next Tab leads into it", async () => {
  const { context, page } = await visitor({ scripts: false });
  await context.addCookies(await operator.context.cookies());
  await page.setViewportSize({ width: 320, height: 600 });
  await page.goto(`${tenant}/applications`);
  await page.locator("td > a").first().click();
  await page.waitForURL(/applications\/./);
  for (const [url, summary, field, typed, button] of [
    [`${tenant}/keys`, null, "#email", "nobody@harbour.example", "Make it"],
    [page.url(), "Make a token", "#audience", "two words", "Make it"],
    [page.url(), "Change name and origins", "#origins", "no origin", "Save"],
  ]) {
    await page.goto(url);
    if (summary) await page.getByText(summary).click();
    const form = page.locator("form", { has: page.locator(field) });
    if (await form.locator("#label").count()) await form.locator("#label").fill("x");
    await form.locator(field).fill(typed);
    await form.getByRole("button", { name: button }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "problem").catch(() => {});
    assert.equal(await page.evaluate(() => document.activeElement?.id), "problem", url);
    const box = await alert.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 600, `${url}: the notice is at ${box.y}`);
    assert.match(await page.title(), /^Problem: /);
    await page.keyboard.press("Tab");
    const within = await page.evaluate(() => document.activeElement.form?.action);
    assert.ok(within && !/sign-out/.test(within), `${url}: Tab leads to ${within}`);
  }
});

/** WCAG 2.2's contrast of two colours that a browser computed. */
function contrast(one, two) {
  const light = (colour) => {
    const srgb = colour.startsWith("color(");
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => Number(part) / (srgb ? 1 : 255));
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, bright] = [light(one), light(two)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test("the button of a white or a black brand has an edge in both themes", async () => {
  const { page } = await visitor();
  for (const slug of ["harbour", "night", "plain"]) {
    await page.goto(`${site.url}/t/${slug}/sign-in`);
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      const [edge, card] = await page.evaluate(() => [
        getComputedStyle(document.querySelector("button.primary")).borderTopColor,
        getComputedStyle(document.querySelector("main")).backgroundColor,
      ]);
      assert.ok(contrast(edge, card) >= 3, `${slug}, ${theme}: ${edge} on ${card}`);
    }
    await look(page, `narrow-brand-${slug}`);
  }
});

test("a name that turns what follows it turns nothing around it", async () => {
  const { page } = operator;
  await page.goto(`${tenant}/people`);
  const link = page.locator("td > a", { hasText: "1234" });
  assert.equal(await link.evaluate((it) => getComputedStyle(it).unicodeBidi), "isolate");
  const person = await link.getAttribute("href");
  await page.goto(`${site.url}${person}/edit`);
  await look(page, "narrow-turned");
  // "Change " stands left of the name's end, whatever the name does.
  assert.match(await page.getByRole("heading", { level: 1 }).textContent(), /^Change \u2068.*\u2069$/);
});
