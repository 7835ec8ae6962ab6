const text = 'Sphinx of black quartz, judge my vow';
[...text.toLowerCase()].filter(c => 'aeiou'.includes(c)).length
