/** What serverless.yml reads: the user data, made of what the configuration says. */
module.exports.script = async ({ resolveConfigurationProperty, resolveVariable }) => {
  const { buildArtefact } = require('./artefact.ts');
  const { userData } = require('./user-data.ts');
  const service = require('node:path').join(__dirname, '..');
  return userData(service, await buildArtefact(service), {
    stage: await resolveVariable('sls:stage'),
    publicUrl: await resolveVariable('param:publicUrl'),
    intake: await resolveConfigurationProperty(['custom', 'intake']),
    producer: await resolveConfigurationProperty(['custom', 'producer']),
  });
};
