// An SMTP server that keeps what it is given (RFC 5321, as far as one client on this machine needs it).
import net from "node:net";

export class Mailbox {
  #mails = [];
  #waiting = [];

  static async open() {
    const box = new Mailbox();
    box.server = net.createServer((socket) => box.#talk(socket));
    await new Promise((done) => box.server.listen(0, "127.0.0.1", done));
    box.port = box.server.address().port;
    return box;
  }

  #talk(socket) {
    socket.setEncoding("utf8");
    socket.write("220 mailbox\r\n");
    let text = "";
    let letter = null;
    let to = "";
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      text += chunk;
      for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (letter !== null) {
          if (line === ".") {
            this.#keep(to, letter);
            letter = null;
            socket.write("250 kept\r\n");
          } else {
            letter += `${line.replace(/^\.\./, ".")}\n`;
          }
        } else if (/^DATA/i.test(line)) {
          letter = "";
          socket.write("354 go on\r\n");
        } else if (/^RCPT TO:/i.test(line)) {
          to = /<(.*)>/.exec(line)[1];
          socket.write("250 yes\r\n");
        } else if (/^QUIT/i.test(line)) {
          socket.end("221 bye\r\n");
        } else {
          socket.write("250 yes\r\n");
        }
      }
    });
  }

  #keep(to, letter) {
    // Quoted-printable (RFC 2045 §6.7): links are long, so their lines are folded.
    const flat = letter.replace(/=\n/g, "").replace(/(?:=[0-9A-F]{2})+/g, (it) =>
      Buffer.from(it.replaceAll("=", ""), "hex").toString("utf8"));
    this.#mails.push({ to, text: flat });
    this.#waiting = this.#waiting.filter((look) => !look());
  }

  /** The text of the newest mail to somebody. */
  newest(to) {
    return this.#mails.filter((mail) => mail.to === to).at(-1)?.text;
  }

  /** The newest mail to somebody that holds a link to this page, and the link. */
  link(to, page) {
    const find = () => {
      const pattern = new RegExp(`https?://[^\\s"<>]+${page}\\?[^\\s"<>]+`);
      const theirs = this.#mails.filter((mail) => mail.to === to);
      const found = theirs.reverse().map((mail) => pattern.exec(mail.text)?.[0]).find(Boolean);
      return found?.replaceAll("&amp;", "&");
    };
    return new Promise((done, fail) => {
      const here = find();
      if (here) return done(here);
      const late = setTimeout(() => fail(new Error(`no mail to ${to} with a link to ${page}`)), 30_000);
      this.#waiting.push(() => {
        const found = find();
        if (found) {
          clearTimeout(late);
          done(found);
        }
        return Boolean(found);
      });
    });
  }

  close() {
    this.server.close();
  }
}
