//! Two regions with two zones each, four years; numbers that a head can multiply.

use nutag_uptake::science::respiration::{Curve, RhModel, YearClimate};
use nutag_uptake::science::uncertainty::{
    Block, BorderShift, CorrelatedUnits, ProductBias, RhSpread, SpatialError, UncertaintySpec,
};
use nutag_uptake::science::{
    Border, Cover, Factor, Fire, Livestock, Losses, Mark, Place, RhEnsemble, Slice, Unit,
    UptakeInputs,
};

pub const YEARS: usize = 4;
pub const ALL: Place = Place {
    region: None,
    zone: None,
};

pub fn fixed(value: f64) -> Factor {
    Factor::fixed(value, "", Mark::Given)
}

/// Ten degrees all year, so that a rate of `g` gC m-2 a day gives 365 g.
fn ten_degrees() -> YearClimate {
    YearClimate {
        temperature_celsius: [10.0; 12],
        precipitation_mm: [30.0; 12],
        december_before_mm: 30.0,
        days: [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
    }
}

pub fn rate(gc_per_m2_day: f64) -> RhModel {
    RhModel::Rate {
        curve: Curve::LloydTaylor,
        r10_gc_per_m2_day: gc_per_m2_day,
        half_saturation_mm: None,
    }
}

/// Areas of 1000, 2000, 3000 and 4000 km2; NPP of 100, 120, 140 and 160 gC m-2, and 1 % more each year.
/// No climate and no losses.
pub fn bare() -> UptakeInputs {
    let units: Vec<Unit> = [(0, 0), (0, 1), (1, 0), (1, 1)]
        .map(|(region, zone)| Unit { region, zone })
        .to_vec();
    let areas = [1000.0, 2000.0, 3000.0, 4000.0];
    let densities = [100.0, 120.0, 140.0, 160.0];
    let npp = areas.iter().zip(densities).map(|(area, density)| {
        (0..YEARS)
            .map(|year| area * density * (1.0 + 0.01 * year as f64))
            .collect()
    });
    UptakeInputs {
        years: YEARS,
        npp_tc: npp.collect(),
        area_km2: areas.iter().map(|area| vec![*area; YEARS]).collect(),
        borders: [(0, 1, 50.0), (2, 3, 100.0)]
            .map(|(a, b, length_km)| Border { a, b, length_km })
            .to_vec(),
        covers: vec![Cover {
            name: "steppe".to_owned(),
            above_ground_share: fixed(0.25),
            below_to_above: fixed(7.0),
        }],
        cover_of: vec![0; units.len()],
        units,
        carbon_per_dry_matter: fixed(0.45),
        rh: None,
        losses: Losses::default(),
    }
}

/// With models of 0.3 and 0.5 gC m-2 a day: 109.5 and 182.5 a year, about an NPP of 100 to 160.
pub fn with_rh() -> UptakeInputs {
    let mut inputs = bare();
    let climate = vec![vec![ten_degrees(); YEARS]; 4];
    let models = vec![(rate(0.3), 1.0), (rate(0.5), 3.0)];
    inputs.rh = Some(RhEnsemble::new(models, None, climate, None));
    inputs
}

/// With 1000 sheep and 100 horses in each region and year, and 10 km2 burned in the first region.
pub fn with_losses() -> UptakeInputs {
    let mut inputs = with_rh();
    inputs.losses = Losses {
        livestock: Some(Livestock {
            species: vec![
                ("sheep".to_owned(), fixed(1.0)),
                ("horse".to_owned(), fixed(7.0)),
            ],
            head: vec![vec![Some(vec![1000.0, 100.0]); YEARS]; 2],
            intake_kg_per_day: fixed(2.0),
            dung_return: fixed(0.4),
        }),
        fire: Some(Fire {
            burned_km2: vec![vec![Some(10.0); YEARS], vec![Some(0.0); YEARS]],
            fuel_kg_per_m2: fixed(0.2),
            completeness: fixed(0.77),
            gco2_per_kg: fixed(1613.0),
        }),
        harvest_t: None,
    };
    inputs
}

pub fn mean() -> Slice {
    Slice::mean("mean", YEARS, 0, YEARS - 1)
}

/// One block of half a degree for each unit, far from each other or beside.
pub fn blocks(apart_degrees: f64) -> Vec<Vec<Block>> {
    (0..4)
        .map(|unit| {
            let west = 90.0 + apart_degrees * f64::from(unit);
            vec![Block {
                edges_degrees: [west, 46.0, west + 0.5, 46.5],
                area_km2: 1.0,
            }]
        })
        .collect()
}

pub fn spec(seed: u64) -> UncertaintySpec {
    UncertaintySpec {
        seed,
        product_bias: ProductBias {
            sd: 0.2,
            shift: 0.0,
        },
        spatial: Some(SpatialError {
            sd: 0.25,
            units: CorrelatedUnits::new(&blocks(1.0), 100.0),
        }),
        boundary: BorderShift {
            sd_km: 6.0,
            length_km: 50.0,
        },
        rh: RhSpread {
            scale_sd: 0.1,
            sensitivity_sd: 0.0,
        },
    }
}
