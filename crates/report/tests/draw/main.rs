//! Maps and charts from outside: projections beside PROJ, pictures beside kept ones, texts apart.

mod charts;
mod errors;
mod goldens;
mod projections;
mod scenes;
