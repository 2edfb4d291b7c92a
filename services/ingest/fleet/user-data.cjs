/** What ec2.yml reads: the user data, made of what the configuration says. */
module.exports.script = async ({ resolveConfigurationProperty, resolveVariable }) => {
  const { buildArtefact } = require('./artefact.ts');
  const { needed } = require('./parameters.ts');
  const { userData } = require('./user-data.ts');
  const service = require('node:path').join(__dirname, '..');
  const { publicUrl } = await needed((name) => resolveVariable(`param:${name}`));
  return userData(service, await buildArtefact(service), {
    stage: await resolveVariable('sls:stage'),
    publicUrl,
    intake: await resolveConfigurationProperty(['custom', 'intake']),
    producer: await resolveConfigurationProperty(['custom', 'producer']),
  });
};
