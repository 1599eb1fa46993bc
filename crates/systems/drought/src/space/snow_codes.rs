//! What the codes of the snow products mean. The same number means snow in one and missing in the
//! other, so the name of the layer decides.

/// What a satellite saw of a cell on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Snow, or ice on a lake.
    Snow,
    /// Ground without snow.
    Bare,
    /// A cloud.
    Cloud,
    /// Night: neither is known.
    Night,
    /// Open water, which is never counted.
    Water,
    /// Missing, undecided, saturated or fill.
    Missing,
}

/// `NDSI_Snow_Cover` of MOD10A1 collections 6 and 6.1: 0 to 100 is NDSI, snow from `snow_from` on (40
/// is classic, 10 in use).
#[must_use]
pub fn seen_by_ndsi(code: u8, snow_from: u8) -> Seen {
    match code {
        0..=100 if code >= snow_from => Seen::Snow,
        0..=100 => Seen::Bare,
        211 => Seen::Night,
        237 | 239 => Seen::Water,
        250 => Seen::Cloud,
        _ => Seen::Missing,
    }
}

/// `Snow_Cover_Daily_Tile` of MOD10A1 collection 5.
#[must_use]
pub fn seen_by_collection_5(code: u8) -> Seen {
    match code {
        11 => Seen::Night,
        25 => Seen::Bare,
        37 | 39 => Seen::Water,
        50 => Seen::Cloud,
        100 | 200 => Seen::Snow,
        _ => Seen::Missing,
    }
}

/// `Maximum_Snow_Extent` of MOD10A2, which keeps the codes of collection 5. One day of snow makes all
/// eight days snow: for the number of days take [`chronobyte_days`].
#[must_use]
pub fn seen_by_snow_extent(code: u8) -> Seen {
    seen_by_collection_5(code)
}

/// The days with snow in `Eight_Day_Snow_Cover` of MOD10A2: bit 0 is the first day. 0 is both "no snow
/// on any day" and the fill value: only [`seen_by_snow_extent`] of the same cell tells which, and days
/// of it are known only if it saw snow or bare ground.
#[must_use]
pub fn chronobyte_days(byte: u8, extent: Seen) -> Option<[bool; 8]> {
    match extent {
        Seen::Snow | Seen::Bare => Some([0, 1, 2, 3, 4, 5, 6, 7].map(|day| byte >> day & 1 == 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_is_snow_in_one_and_missing_in_the_other() {
        assert_eq!(seen_by_collection_5(200), Seen::Snow);
        assert_eq!(seen_by_ndsi(200, 40), Seen::Missing);
        assert_eq!(seen_by_collection_5(50), Seen::Cloud);
        assert_eq!(seen_by_ndsi(50, 40), Seen::Snow);
        assert_eq!(seen_by_ndsi(39, 40), Seen::Bare);
        assert_eq!(seen_by_ndsi(250, 40), Seen::Cloud);
        assert_eq!(seen_by_collection_5(25), Seen::Bare);
        assert_eq!(seen_by_ndsi(255, 10), Seen::Missing);
    }

    #[test]
    fn the_first_bit_is_the_first_day() {
        let days = chronobyte_days(0b1000_0001, Seen::Snow).unwrap();
        assert_eq!(days, [true, false, false, false, false, false, false, true]);
        assert_eq!(chronobyte_days(0, Seen::Cloud), None);
        assert_eq!(chronobyte_days(0, Seen::Bare), Some([false; 8]));
    }
}
