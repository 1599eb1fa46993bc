//! Charts of a tower.

use nutag_report::draw::{
    Fingerprint, FitPoint, Ramp, Rgb, Series, SeriesChart, ValueScale, zone_inks,
};

use crate::axis::Centre;
use crate::summary::{mean, quantiles};
use crate::tables::Done;
use crate::totals::{GRAMS_C_PER_UMOL, Sum, Totals};

/// The charts of a tower by name.
#[must_use]
pub fn all(done: &Done<'_>, note: &str) -> Vec<(&'static str, String)> {
    vec![
        ("fingerprint", fingerprint(done, note)),
        ("months", months(done, note)),
        ("cumulative", cumulative(done, note)),
        ("closure", closure(done, note)),
        ("ustar", ustar(done, note)),
    ]
}

fn inks() -> Vec<Rgb> {
    zone_inks(4)
}

fn series(name: &str, colour: Rgb, points: Vec<(f64, f64)>, joined: bool) -> Series {
    Series {
        name: name.to_owned(),
        note: String::new(),
        colour,
        points,
        joined,
        fit: Vec::new(),
    }
}

/// Filled NEE by day and hour.
fn fingerprint(done: &Done<'_>, note: &str) -> String {
    let processed = &done.tower.processed;
    let rows_per_day = processed.axis.step().per_day();
    // Whole days: a record that begins within one begins at the next here.
    let within = (processed.centres[0].hour * rows_per_day as f64 / 24.0).floor() as usize;
    let skipped = ((rows_per_day - within) % rows_per_day).min(processed.centres.len());
    let values = processed.estimate.nee.value[skipped..].to_vec();
    let centres = &processed.centres[skipped..];
    let firsts: Vec<(usize, &Centre)> = centres
        .iter()
        .step_by(rows_per_day)
        .enumerate()
        .filter(|(_, c)| jiff::civil::date(c.year, c.month, 1).day_of_year() == c.day_of_year)
        .collect();
    // Labels of every month for a year, of every January for many.
    let one_year = firsts.len() <= 13;
    let labels = firsts
        .iter()
        .filter(|(_, c)| one_year || c.month == 1)
        .map(|(day, c)| {
            let first = jiff::civil::date(c.year, c.month, 1);
            let name = if one_year {
                first.strftime("%b")
            } else {
                first.strftime("%Y")
            };
            (*day, name.to_string())
        })
        .collect();
    let sizes: Vec<f64> = values.iter().map(|v| v.abs()).collect();
    let [limit] = quantiles(&sizes, [0.98]);
    let limit = if limit > 0.0 { limit } else { 1.0 };
    Fingerprint {
        title: format!("NEE of {} by day and hour", done.section.label()),
        description:
            "Measured and filled NEE; red is release, blue is uptake, grey is without a value."
                .to_owned(),
        rows_per_day,
        values,
        labels,
        scale: ValueScale::symmetric("NEE", "µmol m⁻² s⁻¹", Ramp::BlueRed, limit),
        unit: "NEE (µmol m⁻² s⁻¹), hours of the day over days".to_owned(),
        note: note.to_owned(),
    }
    .svg()
}

/// Monthly sums: NEE with its interval, both partitions. Months count on from the first January.
fn months(done: &Done<'_>, note: &str) -> String {
    let all: Vec<&Totals> = done
        .tower
        .totals
        .iter()
        .filter(|t| t.period.month.is_some())
        .collect();
    let first_year = all.first().map_or(0, |t| t.period.year);
    let at = |t: &Totals| {
        f64::from(t.period.year - first_year) * 12.0 + f64::from(t.period.month.unwrap_or(0))
    };
    let of = |get: &dyn Fn(&Totals) -> Option<Sum>| -> Vec<(f64, f64)> {
        all.iter()
            .map(|t| (at(t), get(t).and_then(|s| s.total).unwrap_or(f64::NAN)))
            .collect()
    };
    let inks = inks();
    let mut nee = series("NEE", inks[0], of(&|t| Some(t.carbon.nee)), true);
    nee.fit = all
        .iter()
        .filter_map(|t| {
            let y = t.carbon.nee.total?;
            t.joint_se_gc.is_finite().then_some(FitPoint {
                x: at(t),
                y,
                low: y - 1.96 * t.joint_se_gc,
                high: y + 1.96 * t.joint_se_gc,
            })
        })
        .collect();
    let night = series(
        "GPP, night method",
        inks[1],
        of(&|t| t.carbon.gpp_night),
        true,
    );
    let day = series("GPP, day method", inks[2], of(&|t| t.carbon.gpp_day), true);
    let respiration = series(
        "Respiration, day method",
        inks[3],
        of(&|t| t.carbon.respiration_day),
        true,
    );
    SeriesChart {
        title: format!("CO2 of {} by month", done.section.label()),
        description: "Monthly sums of NEE with the 95 % interval of random errors and u* thresholds, and of GPP and respiration. A month that is not whole is a gap.".to_owned(),
        y_label: format!("gC m⁻² a month, over months from January {first_year}"),
        series: vec![nee, night, day, respiration],
        note: note.to_owned(),
    }
    .svg()
}

/// NEE summed from the first row on, with the band of the thresholds.
fn cumulative(done: &Done<'_>, note: &str) -> String {
    let processed = &done.tower.processed;
    let step = processed.axis.step();
    let per_day = step.per_day();
    let factor = GRAMS_C_PER_UMOL * step.seconds();
    // By the day; a row without a value ends the sum, because it cannot be left out.
    let summed = |column: &[f64]| -> Vec<f64> {
        let mut sum = 0.0;
        column
            .chunks(per_day)
            .map(|day| {
                sum += day.iter().sum::<f64>() * factor;
                sum
            })
            .collect()
    };
    let estimate = summed(&processed.estimate.nee.value);
    let scenarios: Vec<Vec<f64>> = processed
        .scenarios
        .iter()
        .map(|s| summed(&s.nee.value))
        .collect();
    let points: Vec<(f64, f64)> = estimate
        .iter()
        .enumerate()
        .map(|(day, v)| (day as f64 + 1.0, *v))
        .collect();
    let mut line = series("NEE", inks()[0], points.clone(), true);
    line.fit = points
        .iter()
        .enumerate()
        .filter(|(_, (_, y))| y.is_finite())
        .map(|(day, &(x, y))| {
            let all = scenarios.iter().map(|s| s[day]).filter(|v| v.is_finite());
            FitPoint {
                x,
                y,
                low: all.clone().fold(y, f64::min),
                high: all.fold(y, f64::max),
            }
        })
        .collect();
    SeriesChart {
        title: format!("NEE of {} added up", done.section.label()),
        description: "NEE summed day by day; the band spans the u* thresholds that are plausible. It ends at the first half-hour that could not be filled.".to_owned(),
        y_label: format!("gC m⁻², over days from {}", processed.axis.start(0).date()),
        series: vec![line],
        note: note.to_owned(),
    }
    .svg()
}

/// Daily means of the turbulent fluxes against those of the available energy.
fn closure(done: &Done<'_>, note: &str) -> String {
    let measured = &done.tower.measured;
    let per_day = done.tower.processed.axis.step().per_day();
    let mut points: Vec<(f64, f64)> = (0..measured.le.len() / per_day)
        .filter_map(|day| {
            let rows: Vec<(f64, f64)> = (day * per_day..(day + 1) * per_day)
                .map(|row| {
                    let available = measured.net_radiation[row] - measured.ground[row];
                    (available, measured.le[row] + measured.h[row])
                })
                .filter(|(x, y)| !(x + y).is_nan())
                .collect();
            let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            // A day of which half is missing would be a day of noons or of nights.
            (x.len() * 2 >= per_day).then(|| (mean(&x), mean(&y)))
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ends = points.first().zip(points.last()).map(|(a, b)| [a.0, b.0]);
    let mut days = series("closed balance, and the days", inks()[0], points, false);
    if let Some(ends) = ends {
        days.fit = ends
            .into_iter()
            .map(|x| FitPoint {
                x,
                y: x,
                low: f64::NAN,
                high: f64::NAN,
            })
            .collect();
    }
    SeriesChart {
        title: format!("Energy balance of {}", done.section.label()),
        description: "Daily means of H + LE against those of net radiation less soil heat, of days with at least half of their rows; the line is where the balance would close.".to_owned(),
        y_label: "H + LE (W m⁻²), over net radiation less soil heat (W m⁻²)".to_owned(),
        series: vec![days],
        note: note.to_owned(),
    }
    .svg()
}

/// Night NEE in twenty bins of u*, below and above the threshold.
fn ustar(done: &Done<'_>, note: &str) -> String {
    let processed = &done.tower.processed;
    let measured = &done.tower.measured;
    let mut nights: Vec<(f64, f64)> = (0..measured.nee.len())
        .filter(|&row| measured.radiation_w_m2[row] < 10.0)
        .map(|row| (measured.ustar_m_s[row], processed.nee_before_ustar[row]))
        .filter(|(u, nee)| !(u + nee).is_nan())
        .collect();
    nights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = nights.len().div_ceil(20).max(1);
    let bins: Vec<(f64, f64)> = nights
        .chunks(size)
        .map(|bin| {
            let (u, nee): (Vec<f64>, Vec<f64>) = bin.iter().copied().unzip();
            // In cm s-1, so that the axis has whole numbers.
            (100.0 * mean(&u), mean(&nee))
        })
        .collect();
    let threshold = processed
        .estimate
        .thresholds_m_s
        .iter()
        .map(|(_, t)| *t)
        .fold(f64::NAN, f64::max);
    let (below, above): (Vec<_>, Vec<_>) =
        bins.into_iter().partition(|(u, _)| *u < 100.0 * threshold);
    let inks = inks();
    let name = if threshold.is_nan() {
        "all kept".to_owned()
    } else {
        format!("kept, from {:.1} cm s⁻¹", 100.0 * threshold)
    };
    SeriesChart {
        title: format!("Night NEE and u* at {}", done.section.label()),
        description: "Mean night NEE in twenty bins of friction velocity of equal size, over all seasons; the threshold is that of the year with the greatest.".to_owned(),
        y_label: "NEE (µmol m⁻² s⁻¹), over u* (cm s⁻¹)".to_owned(),
        series: vec![series("removed", inks[3], below, true), series(&name, inks[0], above, true)],
        note: note.to_owned(),
    }
    .svg()
}
