//! `nutag mrv`.

use nutag_mrv::workbook::{Summary, write};

use super::{print, print_json};
use crate::args::{Mrv, Voice};

/// Makes the workbook and says what came out.
pub fn mrv(args: &Mrv, voice: Voice) -> anyhow::Result<()> {
    let summary = write(&args.file, &args.run, &args.to, args.overwrite)?;
    if voice.json {
        return print_json(&summary);
    }
    let Summary {
        reference_tco2_per_year,
        project_tco2_per_year,
        mean_difference_tco2_per_year,
        uncertainty_percent,
        deduction_percent,
        calculated_tco2,
        ..
    } = &summary;
    let deduction = if summary.may_count {
        format!("{deduction_percent:.2} % deducted")
    } else {
        "nothing may count".to_owned()
    };
    print(&format!(
        "{}\n\
         {} of the project's land  {project_tco2_per_year:.0} tCO2/yr, reference {reference_tco2_per_year:.0}\n\
         above the reference  {mean_difference_tco2_per_year:.0} tCO2/yr, uncertainty {uncertainty_percent:.1} %\n\
         policy {}  {deduction}\n\
         calculated  {calculated_tco2:.0} tCO2 over the monitoring period\n\
         {}\n\
         {}",
        args.to.display(),
        summary.level,
        summary.policy,
        summary.eligibility,
        summary.status,
    ))
}
