"""`run_shinka_eval`, by its documented contract."""

from .wrap_eval import run_shinka_eval, save_json_results

__all__ = ["run_shinka_eval", "save_json_results"]
