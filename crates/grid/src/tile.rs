//! The name of a MODIS tile.

use std::fmt;
use std::str::FromStr;

use crate::GridError;
use crate::sinusoidal::{MODIS_TILES_DOWN, MODIS_TILES_EAST};

/// A tile of the MODIS sinusoidal grid: `h` counts from 180 W to the east (0..=35), `v` from the
/// North Pole to the south (0..=17). Written `h25v04`. Ordered by `v`, then `h`: north to south,
/// then west to east.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    h: u8,
    v: u8,
}

impl TileId {
    /// The tile in column `h` and row `v` of the MODIS grid.
    ///
    /// # Errors
    /// [`GridError::TileName`] when `h` is above 35 or `v` above 17.
    pub fn new(h: u8, v: u8) -> Result<Self, GridError> {
        if usize::from(h) < MODIS_TILES_EAST && usize::from(v) < MODIS_TILES_DOWN {
            Ok(Self { h, v })
        } else {
            Err(GridError::TileName {
                found: format!("h{h:02}v{v:02}"),
            })
        }
    }

    /// Column of tiles, counted from 180 W.
    #[must_use]
    pub fn h(self) -> u8 {
        self.h
    }

    /// Row of tiles, counted from the North Pole.
    #[must_use]
    pub fn v(self) -> u8 {
        self.v
    }
}

impl PartialOrd for TileId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TileId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.v, self.h).cmp(&(other.v, other.h))
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "h{:02}v{:02}", self.h, self.v)
    }
}

impl FromStr for TileId {
    type Err = GridError;

    fn from_str(text: &str) -> Result<Self, GridError> {
        let refused = || GridError::TileName {
            found: text.to_owned(),
        };
        let two_digits = |digits: &[u8]| match digits {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + (ones - b'0')),
            _ => None,
        };
        let [b'h', h0, h1, b'v', v0, v1] = *text.as_bytes() else {
            return Err(refused());
        };
        let (Some(h), Some(v)) = (two_digits(&[h0, h1]), two_digits(&[v0, v1])) else {
            return Err(refused());
        };
        Self::new(h, v).map_err(|_| refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_reads_back_its_own_name() {
        for h in 0..36 {
            for v in 0..18 {
                let tile = TileId::new(h, v).unwrap();
                assert_eq!(tile.to_string().parse(), Ok(tile));
            }
        }
    }

    #[test]
    fn other_text_is_refused_with_the_text() {
        for text in [
            "", "h36v00", "h00v18", "h5v4", "H25V04", "h25v04 ", "h25v4x", "h２5v04",
        ] {
            assert_eq!(
                text.parse::<TileId>(),
                Err(GridError::TileName {
                    found: text.to_owned()
                })
            );
        }
        assert!(TileId::new(36, 0).is_err() && TileId::new(0, 18).is_err());
    }
}
