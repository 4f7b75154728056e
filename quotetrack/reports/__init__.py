"""Reports: figures with their n and interval, and how they are shown."""
