// Fails every test file that does not run on the runtime it was meant for: a test runner starts processes of its own,
// and could start them with another program.
const [name, major] = (process.env.ZAPTOOLS_RUNTIME ?? "").split(" ");
const here = "Bun" in globalThis ? "bun" : "Deno" in globalThis ? "deno" : "node";
const version = `v${major ?? ""}`;

if (here !== name || !process.version.startsWith(version)) {
  throw new Error(`This should run on ${name} ${version}, but it is ${here}, ${process.version}`);
}
