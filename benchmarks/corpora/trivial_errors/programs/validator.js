const rules = {
  required: (value) => (value === undefined || value === "" ? "is missing" : null),
  number: (value) => (Number.isNaN(Number(value)) ? "is not a number" : null),
  max: (limit) => (value) => (value.length > limit ? `is longer than ${limit}` : null),
  oneOf: (...choices) => (value) => (choices.includes(value) ? null : `is none of ${choices.join(", ")}`),
};

function validate(form, schema) {
  const problems = {};
  for (const [field, checks] of Object.entries(schema)) {
    for (const check of checks) {
      const problem = check(form[field]);
      if (problem !== null) {
        problems[field] = `${field} ${problem}`;
        break;
      }
    }
  }
  return problems;
}

const SCHEMA = {
  name: [rules.required, rules.max(8)],
  age: [rules.required, rules.number],
  plan: [rules.oneOf("free", "paid")],
};

console.log(validate({ name: "Ann", age: "31", plan: "free" }, SCHEMA));
const problems = validate({ name: "Bartholomew", age: "old", plan: "gold" }, SCHEMA);
Object.values(problems).forEach((problem) => console.log("- " + problem));
console.log(Object.keys(validate({}, SCHEMA)).length);
