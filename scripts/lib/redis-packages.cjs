// Entry of the file the packages are built into that only a Redis needs.
module.exports = { ioredis: () => require('ioredis'), bullmq: () => require('bullmq') };
