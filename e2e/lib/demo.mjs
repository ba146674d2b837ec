// A `doorward demo` of one's own, on a free port, and what it made.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { PROGRAM } from "./site.mjs";

export class Demo {
  static async start() {
    const demo = new Demo();
    demo.folder = mkdtempSync(path.join(os.tmpdir(), "doorward-demo-"));
    try {
      return await demo.#begin();
    } catch (fault) {
      await demo.stop();
      throw fault;
    }
  }

  async #begin() {
    const data = path.join(this.folder, "demo");
    const words = ["demo", "--listen", "127.0.0.1:0", "--data", data];
    this.child = spawn(PROGRAM, words, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    /** When the process is gone, or could not be started. */
    this.gone = new Promise((done) => {
      this.child.once("exit", done);
      this.child.once("error", done);
    });
    const said = [];
    await new Promise((done, fail) => {
      for (const stream of [this.child.stdout, this.child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          said.push(line);
          if (line.includes("ends it")) done();
        });
      }
      this.gone.then(() => fail(new Error(`it does not serve:\n${said.join("\n")}`)));
    });
    /** What stands in `demo.json`. */
    this.made = JSON.parse(readFileSync(path.join(data, "demo.json"), "utf8"));
    return this;
  }

  async stop() {
    this.child?.kill("SIGTERM");
    await this.gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
