"""Messages as templates and arrays, frames and quality of service."""
