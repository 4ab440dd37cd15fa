//! Bad files: each has a clear message, and loses nothing.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON};
use satchel_e2e::person::Counts;
use satchel_e2e::samples;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::path::Path;
use std::time::{Duration, Instant};

const PASSPHRASE: &str = "kupfer wolke anker 58";
const MIB: u64 = 1 << 20;
/// How long a file of 200 MB may keep a person waiting for an answer.
const LARGE_LIMIT: Duration = Duration::from_secs(120);

/// A file, what the screen must say about it, how many of its rows must come in, and a name among them.
struct Case {
    what: &'static str,
    name: &'static str,
    bytes: &'static [u8],
    says: Option<&'static str>,
    created: usize,
    known: Option<&'static str>,
}

/// GBK: 公司名称,联系人,城市 / 明珠机械,赵六,上海 / 远景包装,钱七,广州
const GBK: &[u8] = b"\xb9\xab\xcb\xbe\xc3\xfb\xb3\xc6,\xc1\xaa\xcf\xb5\xc8\xcb,\xb3\xc7\xca\xd0\r\n\
    \xc3\xf7\xd6\xe9\xbb\xfa\xd0\xb5,\xd5\xd4\xc1\xf9,\xc9\xcf\xba\xa3\r\n\
    \xd4\xb6\xbe\xb0\xb0\xfc\xd7\xb0,\xc7\xae\xc6\xdf,\xb9\xe3\xd6\xdd\r\n";

const CASES: [Case; 9] = [
    Case {
        what: "a quote that is never closed",
        name: "unclosed.csv",
        bytes: b"companyName,city\nSafe Harbour Ltd,Hull\n\"Broken Gate Ltd,York\nLost Bridge Ltd,Leeds\n",
        says: Some("unclosed_quote"),
        created: 1,
        known: Some("Safe Harbour Ltd"),
    },
    Case {
        what: "ragged rows",
        name: "ragged.csv",
        bytes: b"companyName,city,country\nShort Row Co\nLong Row Co,Bath,UK,extra,more\nEven Row Co,Deal,UK\n",
        says: Some("too_many_cells"),
        created: 2,
        known: Some("Even Row Co"),
    },
    Case {
        what: "GBK",
        name: "gbk.csv",
        bytes: GBK,
        says: None,
        created: 2,
        known: Some("明珠机械"),
    },
    Case {
        what: "a byte order mark",
        name: "bom.csv",
        bytes: b"\xef\xbb\xbfcompanyName,city\nMarked Goods GmbH,Bonn\n",
        says: None,
        created: 1,
        known: Some("Marked Goods GmbH"),
    },
    Case {
        what: "contacts of a phone, torn at the end",
        name: "contacts.vcf",
        bytes: b"BEGIN:VCARD\r\nVERSION:2.1\r\n\
            N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E;=E5=A8=9C;;;\r\n\
            TEL;CELL:139-1234-5678\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Torn\r\n",
        says: Some("unended_card"),
        created: 1,
        known: Some("李娜"),
    },
    Case { what: "an empty file", name: "empty.csv", bytes: b"", says: Some("empty_file"), created: 0, known: None },
    Case {
        what: "a picture",
        name: "binary.csv",
        bytes: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82",
        says: Some("binary"),
        created: 0,
        known: None,
    },
    Case {
        what: "a formula in a cell",
        name: "formula.csv",
        bytes: b"companyName,city,note\nFormula Works,Rome,\"=HYPERLINK(\"\"http://example.com\"\",\"\"click\"\")\"\n",
        says: Some("formula"),
        created: 1,
        known: Some("Formula Works"),
    },
    Case {
        what: "dates that do not exist",
        name: "dates.csv",
        bytes: b"orderID,companyName,orderDate,total\nD1,Marked Goods GmbH,2024-02-30,10.00\nD2,Marked Goods GmbH,2024-03-01,12.00\n",
        says: Some("not_date"),
        created: 1,
        known: None,
    },
];

/// Unclosed quote, ragged rows, GBK, BOM, contacts, empty, binary, formula, dates, 200 MB.
pub(crate) async fn bad_files_are_explained(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Bad files", PASSPHRASE).await?;
    let folder = stage.folder().join("files");
    let mut total = 0;
    for case in &CASES {
        total += tried(&device, &folder, case).await?;
    }
    ensure(total > 0, || "nothing came in".to_owned())?;
    large(&device, &folder).await?;
    device.search_finds("Safe Harbour", &["Safe Harbour Ltd"]).await?;
    shown("what came in before is still there");
    Ok(Verdict::Shown)
}

async fn tried(device: &Device, folder: &Path, case: &Case) -> Outcome<usize> {
    let file = samples::write(folder, case.name, case.bytes)?;
    device.inspect(&[&file], LONG).await.map_err(|failure| format!("{}: {failure}", case.what))?;
    if let Some(problem) = case.says {
        device
            .import_complains(problem, SOON)
            .await
            .map_err(|failure| format!("{}: {failure}", case.what))?;
    }
    if case.created == 0 {
        device.see(device.word("import.file.unusable")?).await?;
        shown(&format!("{}: \"{}\"", case.what, said(device, case)?));
        return Ok(0);
    }
    let counts: Counts =
        device.bring_in(LONG).await.map_err(|failure| format!("{}: {failure}", case.what))?;
    ensure(counts.created == case.created, || {
        format!("{}: {} rows expected, {counts:?}", case.what, case.created)
    })?;
    if let Some(name) = case.known {
        device.search_finds_too(name, name).await?;
    }
    shown(&format!(
        "{}: \"{}\"; {} of {} rows came in",
        case.what,
        said(device, case)?,
        counts.created,
        counts.rows()
    ));
    Ok(counts.created)
}

fn said<'a>(device: &'a Device, case: &Case) -> Outcome<&'a str> {
    case.says.map_or(Ok("nothing to complain of"), |problem| {
        device.word(match problem {
            "unclosed_quote" => "import.problem.unclosed_quote",
            "too_many_cells" => "import.problem.too_many_cells",
            "empty_file" => "import.problem.empty_file",
            "binary" => "import.problem.binary",
            "formula" => "import.problem.formula",
            _ => "import.problem.not_date",
        })
    })
}

/// 200 MB: an answer in bounded time, and a page that stays alive meanwhile.
async fn large(device: &Device, folder: &Path) -> Outcome {
    let file = samples::large(folder, 200 * MIB)?;
    let begin = Instant::now();
    device.choose_files(&[&file]).await?;
    let mut slowest = Duration::ZERO;
    let answers = ["import.problem.too_many_rows", "import.problem.too_large", "import.act.another"];
    let words = answers.map(|key| device.word(key));
    let said = loop {
        let asked = Instant::now();
        let text = device.text().await?;
        slowest = slowest.max(asked.elapsed());
        if let Some(said) = words.iter().flatten().find(|word| text.contains(**word)) {
            break *said;
        }
        ensure(begin.elapsed() < LARGE_LIMIT, || {
            format!("no answer about 200 MB after {} s", LARGE_LIMIT.as_secs())
        })?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    ensure(slowest < Duration::from_secs(2), || format!("the page stood still for {slowest:?}"))?;
    let taken = begin.elapsed().as_secs_f32();
    std::fs::remove_file(&file)?;
    note(&format!("the page answered within {} ms all the while", slowest.as_millis()));
    shown(&format!("200 MB: \"{said}\" after {taken:.1} s"));
    Ok(())
}
