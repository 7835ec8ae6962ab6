"""Router of scripts."""
