// ajv 8 says whether a document fits a JSON Schema (2020-12, formats asserted). JSON in, JSON out.

import { text } from "node:stream/consumers";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const { schema, documents } = JSON.parse(await text(process.stdin));
const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
const fits = ajv.compile(schema);
console.log(JSON.stringify({ errors: documents.map((one) => (fits(one) ? 0 : fits.errors.length)) }));
