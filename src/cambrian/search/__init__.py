"""Evolution: strategies, archives, proposers, evaluation, engine, stoppers."""
