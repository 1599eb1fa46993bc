//! Tallies into carbon: zone tables, transitions, decomposition, NPP to CO2.
