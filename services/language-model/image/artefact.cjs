/** What encoder.yml reads: where the artefact will lie, and the tag of the image that is built from it. */
const { dirname } = require('node:path');

let made;
const key = () => (made ??= require('./artefact.ts').artefactKey(dirname(__dirname)));
module.exports.key = key;
module.exports.tag = async () => /[0-9a-f]{64}/.exec(await key())[0];
