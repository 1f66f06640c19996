// @xmpp/client logs in by the new profile: SCRAM with binding and stream management in one go, then by its token, then back to a cut stream.
//
// Usage: node xmppjs_logins.mjs FOLDER SERVICE JULIET PASSWORD
// Prints one line per checked step; the first wrong one ends with status 1.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, service, juliet, password] = process.argv.slice(2);
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
process.removeAllListeners("warning");
const installed = (name) => import(pathToFileURL(join(folder, "node_modules", name)));
// Node 18 has neither of its own.
globalThis.WebSocket ??= (await installed("ws/wrapper.mjs")).default;
globalThis.crypto ??= (await import("node:crypto")).webcrypto;
const { client, xml } = await installed("@xmpp/client/index.js");
const [username, domain] = juliet.split("@");

function check(what, isSo) {
  console.log(`${isSo ? "ok" : "not ok"} ${what}`);
  if (!isSo) process.exit(1);
}

function within(promise) {
  return Promise.race([promise, new Promise((_, late) => setTimeout(() => late(new Error("nothing came in time")), 15_000).unref())]);
}

const xmpp = client({ service, domain, username, password, resource: "xmppjs", userAgent: xml("user-agent", { id: "d4565fa7-4d72-4749-b3d3-740edbf87770" }) });
xmpp.on("error", () => {});
let sent = [];
let heard = [];
xmpp.on("send", (element) => sent.push(element));
xmpp.on("element", (element) => heard.push(element));
const login = () => sent.find((element) => element.is("authenticate", "urn:xmpp:sasl:2"))?.attrs.mechanism;
const success = () => heard.find((element) => element.is("success", "urn:xmpp:sasl:2"));

const address = await within(xmpp.start());
check("logs in by the new profile", login() === "SCRAM-SHA-1");
check("is bound along with it", address.resource.startsWith("xmppjs/") && success().getChild("bound", "urn:xmpp:bind:0") !== undefined);
check("has its stream managed", success().getChild("bound").getChild("enabled", "urn:xmpp:sm:3") !== undefined);
check("is given a token", success().getChild("token", "urn:xmpp:fast:0") !== undefined);

await within(xmpp.stop());
[sent, heard] = [[], []];
const again = await within(xmpp.start());
check("comes again by the token", login() === "HT-SHA-256-NONE");
check("as the same resource", again.toString() === address.toString());

const pong = await within(xmpp.iqCaller.request(xml("iq", { type: "get", to: domain }, xml("ping", "urn:xmpp:ping"))));
check("is heard", pong.attrs.type === "result");

[sent, heard] = [[], []];
const resumed = new Promise((done) => xmpp.streamManagement.on("resumed", done));
// A socket of TCP is cut, one of the WebSocket closed without taking leave of the stream.
const line = xmpp.socket.socket ?? xmpp.socket;
line.destroy ? line.destroy() : line.close();
await within(resumed);
check("comes back to its stream by the token", login() === "HT-SHA-256-NONE" && success().getChild("resumed", "urn:xmpp:sm:3") !== undefined);
await within(xmpp.stop());
process.exit(0);
