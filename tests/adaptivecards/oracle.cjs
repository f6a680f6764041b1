// Fills templates with Microsoft's templating, and reads cards with their renderer and, if it is here, their schema.
// In: [{ template, data, card }]; out: [{ filled, faults, breaches }]: `faults` are what the renderer does not know in a
// `card`, `breaches` what the schema forbids in it, null without the schema.
const { existsSync, readFileSync } = require("fs");
const { join } = require("path");
const Ajv = require("ajv");
const { Template } = require("adaptivecards-templating");
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards");

// Where a card is wrong, each kind of element that it is not has complaints of its own: the innermost tell most.
const depth = ({ instancePath }) => instancePath.split("/").length;
const innermost = (errors) => errors.filter((error) => depth(error) === Math.max(...errors.map(depth)));

function validator(file) {
  if (!existsSync(file)) return () => null;
  // Its id is written as in draft 4, which Ajv refuses.
  const { id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json"));
  const validate = ajv.compile(schema);
  return (card) => (validate(card) ? [] : innermost(validate.errors).map((it) => `${it.instancePath} ${it.message}`));
}

const breaches = validator(join(__dirname, "adaptive-card.json"));
const answers = JSON.parse(readFileSync(0, "utf8")).map(({ template, data, card }) => {
  const context = new SerializationContext(Versions.v1_3);
  new AdaptiveCard().parse(card, context);
  const faults = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  return { filled: new Template(template).expand({ $root: data }), faults, breaches: breaches(card) };
});
process.stdout.write(JSON.stringify(answers));
