"""Speed rules for Python, over `source.analysis`. One file a rule; `catalogue` lists them."""
