//! Tests of pieces: doing them, keeping them, adding them up, and refusing what is none.

mod folder;
mod forged;
mod world;
