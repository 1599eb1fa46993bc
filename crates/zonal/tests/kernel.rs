//! The kernel against a plain re-statement of its rules, cell by cell.

use std::ops::Range;

use nutag_zonal::{
    Block, Gap, KeySpace, KeyStrip, Mask, NONE, Packed, PeriodLayer, Rules, Tally, TallySet, VALID,
    ZERO, pack_block, tally_block,
};
use proptest::prelude::*;

const REASONS: usize = 6;
const FILL: usize = 0;
const BARREN: usize = 1;
const RANGE: usize = 2;
const QUALITY: usize = 3;
const MISSING: usize = 4;
const ELSEWHERE: usize = 5;

const SPACE: KeySpace = match KeySpace::new(2, 2, 2) {
    Ok(space) => space,
    Err(_) => panic!(),
};

fn class(reason: usize) -> u8 {
    u8::try_from(reason + 1).unwrap()
}

/// MOD17-like: int16, -30000..=32700 valid, 32765 barren, the rest above fill.
fn classes(signed: bool, barren_is_zero: bool, holed: bool) -> Vec<u8> {
    (0..=u16::MAX)
        .map(|bits| {
            let value = if signed {
                i32::from(bits.cast_signed())
            } else {
                i32::from(bits)
            };
            let (low, high, fill) = if signed {
                (-30000, 32700, 32761)
            } else {
                (0, 65500, 65529)
            };
            match value {
                v if v == fill + 4 && barren_is_zero => ZERO,
                v if v == fill + 4 => class(BARREN),
                v if v >= fill => class(FILL),
                7 if holed => class(RANGE),
                v if (low..=high).contains(&v) => VALID,
                _ => class(RANGE),
            }
        })
        .collect()
}

fn quality_classes() -> [u8; 256] {
    std::array::from_fn(|q| if q <= 60 { VALID } else { class(QUALITY) })
}

/// Raw values, quality, gaps.
type Layer = (Vec<u16>, Vec<u8>, Vec<Gap>);

#[derive(Debug, Clone)]
struct Case {
    rows: usize,
    columns: usize,
    keys: Vec<u32>,
    layers: Vec<Option<Layer>>,
    signed: bool,
    zero: bool,
    holed: bool,
    mask: Mask,
    quality: bool,
}

fn raw(signed: bool) -> impl Strategy<Value = u16> {
    let fill = if signed { 32755_u16 } else { 65525 };
    prop_oneof![
        8 => (-50_i16..2000).prop_map(i16::cast_unsigned),
        1 => fill..fill + 10,
        1 => any::<u16>(),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    (1_usize..4, 1_usize..600, 1_usize..4, any::<[bool; 5]>()).prop_flat_map(
        |(rows, columns, periods, [signed, zero, holed, common, quality])| {
            let cells = rows * columns;
            let keys = proptest::collection::vec((0..SPACE.len(), 1_usize..80), 1..40);
            let gap = (0..rows, 0..columns, 0..columns).prop_map(|(row, a, b)| Gap {
                rows: row..row + 1,
                columns: a.min(b)..a.max(b),
            });
            let layer = (
                proptest::collection::vec(raw(signed), cells),
                proptest::collection::vec(prop_oneof![9 => 0_u8..=60, 1 => any::<u8>()], cells),
                proptest::collection::vec(gap, 0..2),
            );
            let layers =
                proptest::collection::vec(proptest::option::weighted(0.95, layer), periods);
            (keys, layers).prop_map(move |(keys, layers)| Case {
                rows,
                columns,
                keys: keys
                    .iter()
                    .cycle()
                    .flat_map(|&(key, n)| std::iter::repeat_n(key, n))
                    .take(cells)
                    .collect(),
                layers,
                signed,
                zero,
                holed,
                mask: if common {
                    Mask::Common
                } else {
                    Mask::PerPeriod
                },
                quality,
            })
        },
    )
}

fn rules(case: &Case) -> Rules {
    let classes = classes(case.signed, case.zero, case.holed);
    let quality = case.quality.then(quality_classes);
    Rules::new(
        case.signed,
        classes,
        quality,
        case.mask,
        REASONS,
        MISSING,
        ELSEWHERE,
    )
}

fn area_cm2(row: usize) -> u64 {
    2_146_586_730 + 1_000 * row as u64
}

/// The rules as one would explain them, without any cleverness.
fn plain(case: &Case) -> TallySet {
    let classes = classes(case.signed, case.zero, case.holed);
    let quality = quality_classes();
    let mut tallies = TallySet::new(case.layers.len(), REASONS);
    for (cell, &key) in case.keys.iter().enumerate() {
        let (row, column) = (cell / case.columns, cell % case.columns);
        if key == SPACE.nowhere() {
            continue;
        }
        let of_period = |layer: &Option<Layer>| {
            let Some((raw, q, gaps)) = layer else {
                return (class(MISSING), 0);
            };
            if gaps
                .iter()
                .any(|g| g.rows.contains(&row) && g.columns.contains(&column))
            {
                return (class(MISSING), 0);
            }
            let bits = raw[cell];
            let value = if case.signed {
                i64::from(bits.cast_signed())
            } else {
                i64::from(bits)
            };
            match classes[usize::from(bits)] {
                VALID if case.quality => (quality[usize::from(q[cell])], value),
                ZERO => (ZERO, 0),
                class => (class, value),
            }
        };
        let all: Vec<(u8, i64)> = case.layers.iter().map(of_period).collect();
        let counts = |class: u8| class == VALID || class == ZERO;
        let everywhere = all.iter().all(|(class, _)| counts(*class));
        let area = area_cm2(row);
        for ((class, value), tally) in all.into_iter().zip(tallies.entry(key)) {
            tally.cells += 1;
            tally.area_cm2 += area;
            let counted = counts(class) && (case.mask == Mask::PerPeriod || everywhere);
            if counted {
                tally.valid_cells += 1;
                tally.valid_area_cm2 += area;
                tally.zero_cells += u64::from(class == ZERO);
                tally.sum_raw += value;
                tally.sum_raw_cm2 += i128::from(value) * i128::from(area);
                tally.sum_raw_squared_cm2 += i128::from(value * value) * i128::from(area);
            } else {
                let reason = if counts(class) {
                    ELSEWHERE
                } else {
                    usize::from(class) - 1
                };
                tally.masked_cells[reason] += 1;
                tally.masked_area_cm2[reason] += area;
            }
        }
    }
    tallies
}

/// The kernel over the case, in blocks of at most `height` x `width` cells.
fn kernel(case: &Case, height: usize, width: usize) -> TallySet {
    let rules = rules(case);
    let mut keys = KeyStrip::starting_at(5);
    for row in case.keys.chunks(case.columns) {
        keys.push_row(row.iter().copied(), SPACE.nowhere());
    }
    let mut total = TallySet::new(case.layers.len(), REASONS);
    for top in (0..case.rows).step_by(height) {
        for left in (0..case.columns).step_by(width) {
            let rows = top..(top + height).min(case.rows);
            let columns = left..(left + width).min(case.columns);
            let mut part = TallySet::new(case.layers.len(), REASONS);
            with_block(case, &rules, &keys, rows, columns, |block| {
                tally_block(block, &rules, &mut part);
            });
            total.merge(&part).unwrap();
        }
    }
    total
}

fn with_block(
    case: &Case,
    rules: &Rules,
    keys: &KeyStrip,
    rows: Range<usize>,
    columns: Range<usize>,
    act: impl FnOnce(&Block<'_>),
) {
    assert_eq!(rules.uses_quality(), case.quality);
    let part: Vec<Option<Layer>> = case
        .layers
        .iter()
        .map(|layer| {
            let (raw, quality, gaps) = layer.as_ref()?;
            let of_row = |row| row * case.columns + columns.start..row * case.columns + columns.end;
            let gaps = gaps.iter().filter(|gap| rows.contains(&gap.rows.start));
            let clip = |column: usize| column.clamp(columns.start, columns.end) - columns.start;
            Some((
                rows.clone()
                    .flat_map(|row| raw[of_row(row)].to_vec())
                    .collect(),
                rows.clone()
                    .flat_map(|row| quality[of_row(row)].to_vec())
                    .collect(),
                gaps.map(|gap| Gap {
                    rows: gap.rows.start - rows.start..gap.rows.end - rows.start,
                    columns: clip(gap.columns.start)..clip(gap.columns.end),
                })
                .collect(),
            ))
        })
        .collect();
    let layers: Vec<PeriodLayer<'_>> = part
        .iter()
        .map(|layer| match layer {
            None => PeriodLayer::Missing,
            Some((raw, quality, missing)) => PeriodLayer::Values {
                raw,
                quality: case.quality.then_some(quality),
                missing,
            },
        })
        .collect();
    let row_area_cm2: Vec<u64> = rows.clone().map(area_cm2).collect();
    let block = Block {
        first_row: 5 + rows.start,
        first_column: columns.start,
        columns: columns.len(),
        row_area_cm2: &row_area_cm2,
        layers: &layers,
        keys,
    };
    act(&block);
}

/// The reason of a cell, and its value in each period where it counts.
type PlainCell = (u8, Vec<Option<i64>>);

/// The case as one packed block, and what it should be: per cell of interest
/// its reason, and its value in each period where it counts.
fn packed(case: &Case) -> (Packed, Vec<PlainCell>) {
    let rules = rules(case);
    let mut keys = KeyStrip::starting_at(5);
    for row in case.keys.chunks(case.columns) {
        keys.push_row(row.iter().copied(), SPACE.nowhere());
    }
    let mut packed = Packed::default();
    with_block(
        case,
        &rules,
        &keys,
        0..case.rows,
        0..case.columns,
        |block| {
            pack_block(block, &rules, &mut packed);
        },
    );
    let cells = (0..case.keys.len()).filter(|cell| case.keys[*cell] != SPACE.nowhere());
    let expected = cells.map(|cell| {
        // The plain rules over this one cell.
        let one = |k: usize, keep: bool| Case {
            keys: (0..case.keys.len())
                .map(|i| if i == cell { 0 } else { SPACE.nowhere() })
                .collect(),
            layers: if keep {
                vec![case.layers[k].clone()]
            } else {
                case.layers.clone()
            },
            ..case.clone()
        };
        let value = |tally: &Tally| (tally.valid_cells > 0).then_some(tally.sum_raw);
        let reason = |tally: &Tally| tally.masked_cells.iter().position(|cells| *cells > 0);
        let alone = (0..case.layers.len()).map(|k| plain(&one(k, true)).total(|_| true).remove(0));
        let first = alone.clone().find_map(|tally| reason(&tally));
        let values: Vec<_> = plain(&one(0, false))
            .total(|_| true)
            .iter()
            .map(value)
            .collect();
        match first {
            Some(reason) if values.iter().all(Option::is_none) => (class(reason), Vec::new()),
            _ => (0, values),
        }
    });
    (packed, expected.collect())
}

proptest! {
    #[test]
    fn equals_the_plain_rules_for_any_block_size(case in case(), width in 1_usize..700) {
        let expected = plain(&case);
        expected.check().unwrap();
        for (height, width) in [(1, 600), (2, width), (case.rows, case.columns)] {
            prop_assert_eq!(&kernel(&case, height, width), &expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn packed_cells_are_those_that_count(mut case in case()) {
        // The plain rules are asked cell by cell: a narrow block is enough.
        let columns = case.columns.min(60);
        let narrow = |row: &[u16]| row[..columns].to_vec();
        case.keys = case.keys.chunks(case.columns).flat_map(|r| r[..columns].to_vec()).collect();
        for (raw, quality, gaps) in case.layers.iter_mut().flatten() {
            *raw = raw.chunks(case.columns).flat_map(narrow).collect();
            *quality = quality.chunks(case.columns).flat_map(|r| r[..columns].to_vec()).collect();
            gaps.iter_mut().for_each(|gap| {
                gap.columns = gap.columns.start.min(columns)..gap.columns.end.min(columns);
            });
        }
        case.columns = columns;
        let (packed, expected) = packed(&case);
        let reasons: Vec<u8> = expected.iter().map(|(reason, _)| *reason).collect();
        prop_assert_eq!(&packed.reasons, &reasons);
        let values: Vec<_> = expected.into_iter().filter(|(r, _)| *r == 0).map(|(_, v)| v).collect();
        prop_assert_eq!(packed.cells_with_values(), values.len());
        prop_assert_eq!(packed.gaps, values.iter().flatten().any(Option::is_none));
        for (i, periods) in values.iter().enumerate() {
            for (k, value) in periods.iter().enumerate() {
                prop_assert_eq!(packed.valid[k][i], value.is_some());
                if let Some(value) = value {
                    let bits = packed.values[k][i];
                    let found = if case.signed { i64::from(bits.cast_signed()) } else { i64::from(bits) };
                    prop_assert_eq!(found, *value);
                }
            }
        }
    }
}

#[test]
fn a_full_range_of_extreme_values_does_not_overflow() {
    for (signed, bits) in [(true, 0x8AD0_u16), (true, 32700), (false, 65500)] {
        let columns = 2400;
        let case = Case {
            rows: 2,
            columns,
            keys: vec![SPACE.key(0, 1, NONE); 2 * columns],
            layers: vec![Some((vec![bits; 2 * columns], vec![0; 2 * columns], vec![])); 3],
            signed,
            zero: false,
            holed: false,
            mask: Mask::Common,
            quality: true,
        };
        assert_eq!(kernel(&case, 2, columns), plain(&case));
    }
}
