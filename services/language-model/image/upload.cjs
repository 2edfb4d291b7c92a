/** The framework loads plug-ins with require; what this one does stands in upload.ts. */
module.exports = require('./upload.ts').UploadModel;
