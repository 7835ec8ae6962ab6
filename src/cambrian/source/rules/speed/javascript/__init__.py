"""Rules, speed, for JavaScript and TypeScript: one file each, named in `source.rules.catalogue`."""
