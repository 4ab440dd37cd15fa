//! `cargo xtask simulate`: the simulator, as quick as it gets.

use crate::args::{Args, Known};
use crate::command::Call;
use crate::places::Places;
use crate::{Attempt, Outcome};

pub(crate) const OPTIONS: &[Known] = &[
    Known::Value("--seeds"),
    Known::Value("--from"),
    Known::Value("--without"),
    Known::Value("--threads"),
    Known::Value("--devices"),
    Known::Value("--tabs"),
    Known::Value("--actions"),
    Known::Value("--faults"),
    Known::Switch("--trace"),
];

pub(crate) const HELP: &str = "\
Runs a team, its devices and its server through everything that may go wrong: the real replica, vault and log
around a simulated disk, network and clock. One seed is one run, the same every time. A seed that fails is made
as small as it gets, and printed with the command that shows it again.

  cargo xtask simulate [--seeds N] [--from S] [--without SAFEGUARD] [--trace]

  --seeds N            so many seeds (1,000)
  --from S             from this one on (0)
  --without SAFEGUARD  leave one out, to see that runs fail without it: compare-and-swap, local-version,
                       cursor-with-page, base, re-offer, restamp, epoch-fence, digest, together, strict, shown
  --trace              print every event
  --threads N          so many runs at a time (all cores)
  --devices N, --tabs N, --actions N, --faults A,B
                       instead of what the seed says, as printed with a failure
";

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let places = Places::find()?;
    let mut words = Vec::new();
    for option in OPTIONS {
        match option {
            Known::Switch(name) if args.has(name) => words.push((*name).to_owned()),
            Known::Value(name) => {
                words.extend(
                    args.value(name).into_iter().flat_map(|value| [(*name).to_owned(), value.to_owned()]),
                );
            }
            Known::Switch(_) => {}
        }
    }
    let call =
        Call::cargo().args(["run", "--quiet", "--release", "--package=satchel-simulator", "--"]).args(words);
    let status = call.within(&places.root).into_command().status().attempt("the simulator")?;
    // What failed is said; the closing line stays the last one.
    if status.success() { Ok(()) } else { std::process::exit(1) }
}
