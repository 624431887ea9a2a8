// Reads { definitions, expressions } on standard input and writes what asl-validator says of each definition, and what
// each JSONata expression is on its sample, in the version of JSONata that Step Functions has.
import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import jsonata from 'jsonata';

const { definitions, expressions } = JSON.parse(readFileSync(0, 'utf8'));

const wrong = (definition) => validate(definition, { checkPaths: true, checkArn: true }).errors.map(told);
function told(error) {
  return `${error['Error code']}: ${error.Message ?? error.path ?? JSON.stringify(error)}`;
}

const evaluated = async ({ text, states }) => {
  try {
    const value = await jsonata(text).evaluate(null, { states });
    return value === undefined ? { error: 'undefined' } : { value };
  } catch (error) {
    return { error: error.message };
  }
};

const answer = {
  definitions: Object.fromEntries(Object.entries(definitions).map(([name, one]) => [name, wrong(one)])),
  expressions: await Promise.all(expressions.map(evaluated)),
};
process.stdout.write(JSON.stringify(answer));
