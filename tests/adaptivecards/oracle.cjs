// Fills templates with Microsoft's templating, and reads cards with their renderer.
// In: [{ template, data, card }]; out: [{ filled, faults }], `faults` of what the renderer does not know in a `card`.
const { Template } = require("adaptivecards-templating");
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards");

const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = cases.map(({ template, data, card }) => {
  const context = new SerializationContext(Versions.v1_3);
  new AdaptiveCard().parse(card, context);
  const faults = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return { filled: new Template(template).expand({ $root: data }), faults };
});
process.stdout.write(JSON.stringify(answers));
