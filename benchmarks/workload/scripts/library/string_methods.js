const s = '  JavaScript is fun  ';
[
  s.trim().padEnd(20, '.').length,
  'abc'.repeat(2).replaceAll('b', '-'),
  'a-b-c'.split('-', 2),
  'résumé'.normalize('NFD').replace(/[\u0300-\u036f]/g, ''),
  [...'héllo😀'].length,
  'x'.codePointAt(0),
  'banana'.lastIndexOf('an'),
  s.trimStart().startsWith('Java'),
]
