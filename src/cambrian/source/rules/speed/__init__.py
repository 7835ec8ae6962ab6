"""Rules that make programs faster or leaner. A folder a language, a file a rule."""
