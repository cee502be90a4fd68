"""From one motion into another: transitions, feet, turning."""
