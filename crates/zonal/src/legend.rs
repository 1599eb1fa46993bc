//! Legends.
