const initials = (name: string): string => name.split(' ').map((p) => p[0]!.toUpperCase()).join('');
['ada lovelace', 'Grace Brewster Hopper', 'plato'].map(initials)
