throw new Error('no database address');
