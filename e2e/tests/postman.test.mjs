// The collections of docs/postman, imported and run from top to bottom against a demo, twice, as Postman itself does: every request has
// a test of its own, and every test is green.
//
// `postman-runtime` is what Postman and newman send requests and run scripts with. Newman itself is not used here: its last release
// (6.2.2) pins versions with known advisories, of handlebars a critical one, and brings a third more packages. The commands of
// docs/postman/README.md are newman's; what they set is read from there.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import sdk from "postman-collection";
import runtime from "postman-runtime";
import { Demo } from "../lib/demo.mjs";

const FOLDER = new URL("../../docs/postman/", import.meta.url);

/** What the commands of the README set, by collection: name and value, in which `$(demo …)` reads `demo.json`. */
const COMMANDS = new Map(
  [...readFileSync(new URL("README.md", FOLDER), "utf8").matchAll(/^newman run docs\/postman\/(\w+)\.json((?:.*\\\n)*.*)$/gm)]
    .map(([, name, words]) => [name, [...words.matchAll(/--env-var "(\w+)=([^"]*)"/g)].map(([, key, value]) => ({ key, value }))]),
);

let demo;
before(async () => { demo = await Demo.start(); });
after(async () => { await demo?.stop(); });

const read = (name) => new sdk.Collection(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")));

/** Runs a collection: what each request asked, how many tests of it ran, and what went wrong. */
async function run(at, collection, settings, entrypoint) {
  const made = (_, path) => path.split(".").reduce((value, name) => value[name], at.made);
  const values = settings.map(({ key, value }) => ({ key, value: value.replace(/\$\(demo ([\w.]+)\)/g, made) }));
  const environment = new sdk.VariableScope({ values });
  const asked = new Map();
  const faults = [];
  let current;
  const started = await new Promise((done, fail) => {
    new runtime.Runner().run(collection, { environment, entrypoint }, (fault, it) => (fault ? fail(fault) : done(it)));
  });
  await new Promise((done, fail) => {
    started.start({
      beforeItem(_fault, _cursor, item) {
        current = { name: item.name, url: "", told: "", tests: 0 };
        asked.set(item.id, current);
      },
      request(fault, _cursor, response, request) {
        current.url = request.url.toString();
        current.told = fault?.message ?? `${response.code} ${response.text().slice(0, 300)}`;
      },
      assertion(_cursor, tests) {
        current.tests += tests.length;
        for (const { name, passed, error } of tests) {
          if (!passed) faults.push(`${current.name}: ${name}: ${error?.message}\n${current.url}\n${current.told}`);
        }
      },
      exception(_cursor, fault) {
        faults.push(`${current.name}: its script throws: ${fault.message}\n${current.url}\n${current.told}`);
      },
      done(fault) { if (fault) fail(fault); else done(); },
    });
  });
  return { asked: [...asked.values()], faults };
}

test("every collection is one that the README runs, and needs nothing that is not declared", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).map((name) => name.replace(".json", ""));
  assert.deepEqual(files.sort(), [...COMMANDS.keys()].sort());
  for (const [name, settings] of COMMANDS) {
    const collection = read(name);
    for (const { key } of settings) assert.ok(collection.variables.has(key), `${name} has no variable ${key}`);
    collection.forEachItem((item) => {
      const script = item.events.find(({ listen }) => listen === "test")?.script.toSource() ?? "";
      assert.match(script, /pm\.test\([`']answers /, `${name}: ${item.name} has no test`);
    });
  }
});

for (const [name, settings] of COMMANDS) {
  test(`a run of ${name} is green from top to bottom, and so is the next`, async () => {
    for (const time of ["first", "second"]) {
      const collection = read(name);
      let requests = 0;
      collection.forEachItem(() => { requests += 1; });
      const { asked, faults } = await run(demo, collection, settings);
      assert.deepEqual(faults, [], `the ${time} run`);
      assert.equal(asked.length, requests, "some requests were left out");
      for (const { name: request, url, tests } of asked) {
        assert.ok(tests > 0, `no test of ${request} ran`);
        assert.doesNotMatch(url, /\{\{|\/\/.*\/\/|\/$/, `${request} leaves a variable empty: ${url}`);
      }
    }
  });
}

test("with the code of a mail, the request that needs one succeeds, and its test expects that", async (t) => {
  const fresh = await Demo.start();
  t.after(() => fresh.stop());
  const only = async (names, settings) => {
    const entrypoint = { execute: names, lookupStrategy: "multipleIdOrName" };
    return run(fresh, read("salesseek"), [...COMMANDS.get("salesseek"), ...settings], entrypoint);
  };
  assert.deepEqual((await only(["Ask for a reset by mail"], [])).faults, []);
  const token = { key: "token", value: /token=([^&\s]+)/.exec(await mail(fresh))[1] };
  const { asked, faults } = await only(["Sign in with e-mail and password", "Set a new password with a mailed code"], [token]);
  assert.deepEqual(faults, []);
  assert.deepEqual(asked.map(({ told }) => told.slice(0, 3)), ["200", "200"]);
});

/** The text of the first mail about a reset that a demo catches. */
async function mail(at) {
  for (let look = 0; look < 100; look += 1) {
    const caught = await (await fetch(`${at.made.base}/demo/mail`)).json();
    const found = caught.find(({ subject }) => subject.includes("Reset"));
    if (found) return found.text;
    // The outbox is worked through twice a second, and the demo has no way to tell when.
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("no mail came");
}
