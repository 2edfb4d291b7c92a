// Read by serverless.yml: the migrations run again when one of their files has changed.
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, 'schema');
const hash = createHash('sha256');
for (const file of readdirSync(folder).sort()) hash.update(file).update('\0').update(readFileSync(join(folder, file)));
module.exports = { hash: hash.digest('hex').slice(0, 32) };
