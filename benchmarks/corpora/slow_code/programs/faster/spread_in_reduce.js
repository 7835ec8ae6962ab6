const index = (records) => records.reduce((all, record) => ({ ...all, [record.id]: record.v }), {});

module.exports = { index };
