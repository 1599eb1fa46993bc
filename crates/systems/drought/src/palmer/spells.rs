//! Spells: how anomalies build up to a drought, and when it is over.
//!
//! Three indices run side by side: X1 of a wet spell that may begin, X2 of a dry one, X3 of the spell
//! that stands. While a spell may be ending it is not known which of them holds; such months are
//! decided later, looking back.

use super::Palmer;
use super::duration::Duration;

/// Rounding that must not decide on a spell.
const TOLERANCE: f64 = 1e-5;
/// An index of this size is a spell.
const SPELL: f64 = 0.5;

#[derive(Debug, Clone, Copy, Default)]
struct State {
    x1: f64,
    x2: f64,
    x3: f64,
    /// Water gathered towards the end of the spell.
    gathered: f64,
    /// How near the end is, percent.
    ending: f64,
}

/// Which of the three is the index of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Wet,
    Dry,
    Standing,
    Open,
}

/// The indices of every month.
pub(super) struct Spells {
    pub x: Vec<f64>,
    states: Vec<Option<State>>,
}

impl Spells {
    pub fn run(z: &[f64], wet: &Duration, dry: &Duration) -> Self {
        let rule = Rule::new(wet, dry);
        let mut x = vec![f64::NAN; z.len()];
        let mut states = vec![None; z.len()];
        let mut state = State::default();
        let mut open: Vec<(usize, State)> = Vec::new();
        for (index, &z) in z.iter().enumerate() {
            // A missing month changes nothing: the spell stays as it was.
            if z.is_nan() {
                continue;
            }
            let (next, choice) = rule.step(&state, z);
            if choice == Choice::Open {
                open.push((index, next));
                x[index] = next.x3;
            } else {
                look_back(&mut x, &mut open, choice);
                x[index] = match choice {
                    Choice::Wet if next.x3 == 0.0 => next.x1,
                    Choice::Dry if next.x3 == 0.0 => next.x2,
                    _ => next.x3,
                };
            }
            states[index] = Some(next);
            state = next;
        }
        Self { x, states }
    }

    pub fn into_palmer(self, out: &mut Palmer) {
        for (index, state) in self.states.iter().enumerate() {
            let Some(state) = state else { continue };
            out.phdi[index] = if state.x3 == 0.0 {
                self.x[index]
            } else {
                state.x3
            };
            out.weighted[index] = state.weighted();
        }
        out.pdsi = self.x;
    }
}

impl State {
    fn weighted(&self) -> f64 {
        let share = self.ending / 100.0;
        if self.x3 == 0.0 {
            if self.x1.abs() > self.x2.abs() {
                self.x1
            } else {
                self.x2
            }
        } else if share <= 0.0 || share >= 1.0 {
            self.x3
        } else {
            let other = if self.x3 <= 0.0 { self.x1 } else { self.x2 };
            (1.0 - share) * self.x3 + share * other
        }
    }
}

/// Decides the open months, the last first.
fn look_back(x: &mut [f64], open: &mut Vec<(usize, State)>, mut choice: Choice) {
    for (index, state) in open.drain(..).rev() {
        x[index] = match choice {
            Choice::Standing | Choice::Open => state.x3,
            Choice::Dry if state.x2 == 0.0 => {
                choice = Choice::Wet;
                state.x1
            }
            Choice::Dry => state.x2,
            Choice::Wet if state.x1 == 0.0 => {
                choice = Choice::Dry;
                state.x2
            }
            Choice::Wet => state.x1,
        };
    }
}

/// One side as the recursion needs it.
struct SideRule {
    m: f64,
    b: f64,
    denominator: f64,
    carried: f64,
    direction: f64,
}

struct Rule {
    wet: SideRule,
    dry: SideRule,
    /// What a dry spell that may begin carries over. Wells' program takes the intercept of the wet
    /// side here; R, climate-indices and all published scPDSI follow it, and so must we.
    dry_start_carried: f64,
}

impl Rule {
    fn new(wet: &Duration, dry: &Duration) -> Self {
        let side = |d: &Duration, direction| SideRule {
            m: d.m,
            b: d.b,
            denominator: d.denominator(),
            carried: d.carried(),
            direction,
        };
        Self {
            wet: side(wet, 1.0),
            dry: side(dry, -1.0),
            dry_start_carried: 1.0 - dry.m / (dry.m + wet.b),
        }
    }

    fn step(&self, state: &State, z: f64) -> (State, Choice) {
        let x1 = (self.wet.carried * state.x1 + z / self.wet.denominator).max(0.0);
        let x2 = (self.dry_start_carried * state.x2 + z / self.dry.denominator).min(0.0);
        let candidates = State {
            x1,
            x2,
            ..State::default()
        };
        if state.x3 == 0.0 {
            return begin(candidates, false);
        }
        let side = if state.x3 > 0.0 { &self.wet } else { &self.dry };
        side.go_on(state, z, candidates)
    }
}

impl SideRule {
    /// A standing spell goes on, comes nearer to its end, or ends.
    fn go_on(&self, state: &State, z: f64, candidates: State) -> (State, Choice) {
        let standing = State {
            x3: self.carried * state.x3 + z / self.denominator,
            ..State::default()
        };
        let enough = self.m * SPELL;
        let untouched = state.ending == 0.0 || state.ending == 100.0;
        if untouched && self.direction * z >= enough {
            return (standing, Choice::Standing);
        }
        // Water gathered towards the end counts from month to month, and never against it.
        let before = self.direction * (self.direction * state.gathered + TOLERANCE).min(0.0);
        let gathered = z - self.direction * enough + before;
        if self.direction * gathered >= 0.0 {
            return (standing, Choice::Standing);
        }
        let to_end = self.direction * SPELL * self.denominator - self.b * state.x3;
        let needed = if state.ending >= 100.0 - TOLERANCE {
            to_end
        } else {
            to_end + state.gathered
        };
        // Nothing needed: the spell is over.
        let ending = if needed == 0.0 {
            100.0
        } else {
            gathered / needed * 100.0
        };
        if ending >= 100.0 - TOLERANCE {
            let over = State {
                gathered,
                ending: 100.0,
                ..candidates
            };
            return begin(over, true);
        }
        let open = State {
            x3: standing.x3,
            gathered,
            ending,
            ..candidates
        };
        if open.x3 == 0.0 {
            return begin(open, false);
        }
        (open, Choice::Open)
    }
}

/// No spell stands: a candidate becomes one, or it is told which of the two this month is.
fn begin(state: State, ended: bool) -> (State, Choice) {
    let fresh = if ended {
        state
    } else {
        State {
            gathered: 0.0,
            ending: 0.0,
            ..state
        }
    };
    if state.x1 >= SPELL {
        let spell = State {
            x3: state.x1,
            x1: 0.0,
            ..fresh
        };
        (spell, Choice::Wet)
    } else if state.x2 <= -SPELL {
        let spell = State {
            x3: state.x2,
            x2: 0.0,
            ..fresh
        };
        (spell, Choice::Dry)
    } else if state.x1 == 0.0 {
        (state, Choice::Dry)
    } else if state.x2 == 0.0 {
        (state, Choice::Wet)
    } else {
        (state, Choice::Open)
    }
}
