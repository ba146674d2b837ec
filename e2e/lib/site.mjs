// A Doorward of one's own: a folder, `init`, `serve` on a free port, and a mailbox.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Mailbox } from "./mailbox.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
export const PROGRAM = path.resolve(ROOT, TARGET, "debug", "doorward");

export const PASSWORD = "mild-otter-sings-4711";

async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class Site {
  static async start() {
    const site = new Site();
    site.folder = mkdtempSync(path.join(os.tmpdir(), "doorward-e2e-"));
    site.mailbox = await Mailbox.open();
    try {
      return await site.#begin();
    } catch (fault) {
      await site.stop();
      throw fault;
    }
  }

  async #begin() {
    this.port = await freePort();
    this.url = `http://localhost:${this.port}`;
    writeFileSync(path.join(this.folder, "doorward.toml"), `
[listen]
addresses = ["127.0.0.1:${this.port}"]
[house]
public_url = "${this.url}"
[mail.smtp]
host = "127.0.0.1"
port = ${this.mailbox.port}
tls = "none"
from = "Doorward <no-reply@doorward.example>"
`);
    this.link = JSON.parse(this.run("init", "--json")).link;
    await this.#serve();
    return this;
  }

  /** What a command prints. */
  run(...words) {
    return execFileSync(PROGRAM, words, { cwd: this.folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Brings the installation to what a file says. */
  apply(text) {
    writeFileSync(path.join(this.folder, "wanted.toml"), text);
    return this.run("apply", "wanted.toml");
  }

  async #serve() {
    this.child = spawn(PROGRAM, ["serve"], { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
    const said = [];
    await new Promise((done, fail) => {
      createInterface({ input: this.child.stderr }).on("line", (line) => {
        said.push(line);
        if (line.includes("address=")) done();
      });
      this.child.once("exit", () => fail(new Error(`it does not serve:\n${said.join("\n")}`)));
    });
    this.said = said;
  }

  async stop() {
    if (this.child?.exitCode === null) {
      const gone = new Promise((done) => this.child.once("exit", done));
      this.child.kill("SIGTERM");
      await gone;
    }
    this.mailbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
