//! Which crate may know which.

use crate::Complaints;
use serde_json::Value;

/// A crate of ours, what of ours it may depend on, and what only its tests may.
struct Room {
    name: &'static str,
    knows: &'static [&'static str],
    tests_know: &'static [&'static str],
}

const ROOMS: [Room; 17] = [
    Room { name: "satchel-domain", knows: &[], tests_know: &[] },
    Room { name: "satchel-wire", knows: &[], tests_know: &[] },
    Room { name: "satchel-book", knows: &["satchel-domain"], tests_know: &[] },
    Room { name: "satchel-exchange", knows: &["satchel-domain"], tests_know: &[] },
    Room { name: "satchel-sample", knows: &["satchel-domain"], tests_know: &[] },
    Room { name: "satchel-vault", knows: &["satchel-wire"], tests_know: &[] },
    Room {
        name: "satchel-replica",
        knows: &["satchel-domain", "satchel-wire", "satchel-vault"],
        tests_know: &["satchel-ledger", "satchel-replica"],
    },
    Room {
        name: "satchel-idb",
        knows: &["satchel-replica", "satchel-wire"],
        tests_know: &["satchel-replica", "satchel-vault", "satchel-domain"],
    },
    Room { name: "satchel-ledger", knows: &["satchel-wire"], tests_know: &["satchel-ledger"] },
    Room { name: "satchel-members", knows: &["satchel-wire"], tests_know: &[] },
    Room {
        name: "satchel-server",
        knows: &["satchel-ledger", "satchel-members", "satchel-wire"],
        tests_know: &["satchel-ledger"],
    },
    Room {
        name: "satchel",
        knows: &[
            "satchel-book",
            "satchel-domain",
            "satchel-exchange",
            "satchel-idb",
            "satchel-members",
            "satchel-replica",
            "satchel-sample",
            "satchel-vault",
            "satchel-wire",
        ],
        // The engine's tests sync two devices through the real server.
        tests_know: &["satchel-replica", "satchel-server"],
    },
    Room {
        name: "satchel-simulator",
        knows: &["satchel-domain", "satchel-ledger", "satchel-replica", "satchel-vault", "satchel-wire"],
        tests_know: &[],
    },
    Room { name: "satchel-tidy", knows: &[], tests_know: &[] },
    Room { name: "satchel-e2e", knows: &["satchel-wire"], tests_know: &["satchel-wire"] },
    // The parts as the engine puts them together, measured in a browser.
    Room {
        name: "satchel-bench",
        knows: &[
            "satchel",
            "satchel-book",
            "satchel-domain",
            "satchel-idb",
            "satchel-replica",
            "satchel-sample",
            "satchel-vault",
            "satchel-wire",
        ],
        tests_know: &[],
    },
    Room { name: "xtask", knows: &[], tests_know: &[] },
];

/// Crates from elsewhere that belong in some rooms only.
const WALLS: [(&[&str], &[&str]); 4] = [
    // The vault is the only one that names a cipher.
    (&["aes-gcm", "argon2", "chacha20poly1305", "hpke"], &["satchel-vault"]),
    // The pure middle has no browser, no disk and no thread of its own.
    (
        &["web-sys", "wasm-bindgen-futures", "indexed_db_futures", "leptos", "gloo-storage"],
        &["satchel", "satchel-idb", "satchel-bench"],
    ),
    (&["tokio", "axum", "rusqlite", "tower-http"], &["satchel-server", "satchel-e2e"]),
    (&["getrandom"], &["satchel", "satchel-server", "satchel-e2e", "satchel-bench"]),
];

/// What the interface's module must not be compiled with: it has no key and no store.
const NOT_IN_UI: [&str; 8] = ["book", "exchange", "idb", "members", "replica", "sample", "vault", "wire"];

/// Holds what `cargo metadata --no-deps` says against the tables above.
pub fn check(metadata: &Value) -> Complaints {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    packages.iter().flat_map(package).collect()
}

fn package(package: &Value) -> Complaints {
    let name = package["name"].as_str().unwrap_or_default();
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        return vec![format!("{name} is not in the table of arrows")];
    };
    let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    let mut complaints: Complaints = dependencies.iter().filter_map(|to| arrow(room, to)).collect();
    let ui = package["features"]["ui"].as_array().map_or(&[][..], Vec::as_slice);
    let ui = ui.iter().filter_map(Value::as_str);
    let forbidden = ui.filter(|part| NOT_IN_UI.iter().any(|room| part.ends_with(&format!("satchel-{room}"))));
    complaints.extend(forbidden.map(|part| format!("{name}: the feature ui may not hold {part}")));
    complaints
}

fn arrow(room: &Room, dependency: &Value) -> Option<String> {
    let to = dependency["name"].as_str().unwrap_or_default();
    let in_tests = dependency["kind"] == "dev";
    let name = room.name;
    if ROOMS.iter().any(|room| room.name == to) {
        let allowed = room.knows.contains(&to) || in_tests && room.tests_know.contains(&to);
        return (!allowed).then(|| format!("{name} may not know {to}"));
    }
    let wall = WALLS.iter().find(|(crates, _)| crates.contains(&to));
    let allowed = in_tests || wall.is_none_or(|(_, rooms)| rooms.contains(&name));
    (!allowed).then(|| format!("{to} has no place in {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with(name: &str, to: &str, kind: Option<&str>) -> Value {
        json!({ "packages": [{ "name": name, "dependencies": [{ "name": to, "kind": kind }], "features": {} }] })
    }

    #[test]
    fn the_drawn_arrows_hold() {
        for (from, to) in [
            ("satchel-book", "satchel-domain"),
            ("satchel-server", "satchel-wire"),
            ("satchel-vault", "aes-gcm"),
        ] {
            assert_eq!(check(&with(from, to, None)), Complaints::new());
        }
        assert_eq!(check(&with("satchel-replica", "satchel-replica", Some("dev"))), Complaints::new());
    }

    #[test]
    fn any_other_arrow_is_refused() {
        for (from, to) in [
            ("satchel-server", "satchel-domain"),
            ("satchel-server", "satchel-vault"),
            ("satchel-domain", "satchel-wire"),
            ("satchel-domain", "web-sys"),
            ("satchel-replica", "aes-gcm"),
            ("satchel-book", "getrandom"),
            ("satchel-new", "satchel-domain"),
        ] {
            assert_eq!(check(&with(from, to, None)).len(), 1, "{from} to {to}");
        }
        assert_eq!(check(&with("satchel-server", "satchel-domain", Some("dev"))).len(), 1);
    }

    #[test]
    fn the_interface_is_built_without_key_and_store() {
        let ui = json!({ "packages": [{
            "name": "satchel", "dependencies": [], "features": { "ui": ["dep:leptos", "dep:satchel-vault"] }
        }] });
        assert_eq!(check(&ui).len(), 1);
    }
}
