//! Files that offices have: what is understood, what is warned about, what is refused. Adding a line to one of the
//! tables takes a minute.

use crate::support::world::{NOW, Run, World, pairs};

/// What `roster check` says about a file of that name with this text.
fn check(file: &str, text: impl AsRef<[u8]>, config: &str) -> Run {
    let world = World::new("", "");
    world.write(file, text);
    world.write("config.toml", format!("[programme]\nroster = \"{file}\"\n{config}\n"));
    world.run(&["roster", "check", "--format", "json"])
}

/// The answer in one line: how many take part, which columns are read, what is odd, what is wrong.
fn told(run: &Run) -> String {
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let list = |key: &str| {
        let told = json[key].as_array().unwrap().iter().map(|one| {
            let line = one["line"].as_u64().map_or(String::new(), |line| format!("{line}: "));
            let column = one["column"].as_str().map_or(String::new(), |column| format!("{column}: "));
            format!("{line}{column}{}", one["says"].as_str().unwrap())
        });
        told.collect::<Vec<_>>().join(" | ")
    };
    let wrong = list("faults");
    assert_eq!(run.status, if wrong.is_empty() { 0 } else { 2 }, "{}", run.stderr);
    format!("{} · {} · {wrong}", json["employees"], list("warnings"))
}

#[test]
fn a_roster_of_ones_own_has_nothing_odd() {
    let run = check("a.csv", "email,name,department\na@x.org,A,S\nb@x.org,B,T\n", "");
    assert_eq!((told(&run), &*run.stderr), ("2 · ".to_owned() + " · ", ""));
}

/// A header and a row for it, with what is odd.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("Time zone", "Asia/Tokyo", ""),
    ("time_zone", "Asia/Tokyo", ""),
    ("tz", "Asia/Tokyo", ""),
    ("working-hours", "10:00-12:00", ""),
    ("paused_untill", "2027-01-01", ""),
    ("Paused till", "2027-01-01", ""),
    ("Lang", "uk", ""),
    ("Time zne", "Asia/Tokyo", "Time zne: is not read; if it holds the `timezone`, give it that name"),
    ("pausd_utill", "2027-01-01", "pausd_utill: is not read; if it holds the `paused_until`, give it that name"),
    ("timezone", "", "timezone: is blank in every row"),
    ("Time zone", "", "Time zone: is read as `timezone`, and is blank in every row"),
    ("timezone", "#N/A", "2: timezone: “#N/A” is a spreadsheet error, not a value"),
    ("timezone", "n/a", "2: timezone: “n/a” is not a value"),
    ("floor", "#REF!", "2: floor: “#REF!” is a spreadsheet error, not a value"),
    ("floor", "NA", ""),
    ("Shoe size", "43", ""),
];

#[test]
fn a_column_is_understood_or_warned_of() {
    for (heading, cell, odd) in COLUMNS {
        let text = format!("email,name,department,{heading}\na@x.org,A,S,{cell}\nb@x.org,B,T,\n");
        let told = told(&check("a.csv", text, ""));
        assert!(told.contains(odd) && told.starts_with("2 · ") && told.ends_with(" · "), "{heading}: {told}");
        assert!(!odd.is_empty() || told == "2 ·  · ", "{heading}: {told}");
    }
}

#[test]
fn exports_of_the_great_directories_are_read_as_they_are() {
    let told = |name: &str, text: &str| told(&check(name, text, ""));
    insta::assert_snapshot!(told("a.csv", include_str!("samples/google-workspace-users.csv")), @"4 · 1 person does not take part: suspended (line 4) | 5: Department: is blank, so it keeps nobody apart from them · ");
    insta::assert_snapshot!(told("a.csv", include_str!("samples/entra-users.csv")), @"3 · officeLocation: is read as `location`, and is blank in every row | 1 person does not take part: inactive (line 4) | 1 person does not take part: guest (line 6) | 5: department: is blank, so it keeps nobody apart from them · ");
    insta::assert_snapshot!(told("a.csv", include_str!("samples/control-hub-users.csv")), @"4 · Manager: is blank in every row | 1 person does not take part: inactive (line 4) | 5: Department: is blank, so it keeps nobody apart from them · ");
}

/// Headers of HR systems, and a row for each, of the same person.
const EXPORTS: &[(&str, &str)] = &[
    (
        "Worker,Email - Primary Work,Supervisory Organization,Worker's Manager,Location",
        "Ann Lee,a@x.org,Sales,Bo Ek (12),Kyiv",
    ),
    ("First Name,Last Name,Work Email,Department,Reporting to,Status", "Ann,Lee,a@x.org,Sales,Bo Ek,Active"),
    ("Vorname;Nachname;E-Mail;Abteilung;Status", "Ann;Lee;a@x.org;Sales;aktiv"),
    ("STATUS,USERID,FIRSTNAME,LASTNAME,EMAIL,MANAGER,DEPARTMENT", "active,77,Ann,Lee,a@x.org,78,Sales"),
    ("Display name,User principal name,Department,Block credential", "Ann Lee,a@x.org,Sales,False"),
    ("Name,Surname,Email,Department", "Ann,Lee,a@x.org,Sales"),
    ("Name;Vorname;E-Mail-Adresse;Abteilung", "Lee;Ann;a@x.org;Sales"),
    ("Імʼя,Прізвище,Електронна пошта,Відділ", "Ann,Lee,a@x.org,Sales"),
    ("Full Name,Email (Required),Dept", "Ann Lee,a@x.org,Sales"),
];

#[test]
fn exports_of_hr_systems_are_read_as_they_are() {
    for (header, row) in EXPORTS {
        let world = World::new("", &format!("{header}\n{row}\n"));
        let run = world.run(&["why", "Ann Lee"]);
        assert_eq!(run.status, 0, "{header}: {}", run.stderr);
        assert!(run.stdout.contains("Ann Lee <a@x.org>"), "{header}: {}", run.stdout);
        assert_eq!(world.json(&["roster", "check"])["departments"]["Sales"], 1, "{header}");
    }
}

#[test]
fn the_config_says_what_the_columns_are() {
    let text = "Adresse;First;Last;Squad\na@x.org;Ann;Lee;S\nb@x.org;Bo;Ek;T\n";
    let columns = "[programme.columns]\nemail = \"adresse\"\nname = [\"First\", \"Last\"]\n";
    assert_eq!(told(&check("a.csv", text, &format!("{columns}department = \"Squad\""))), "2 ·  · ");
    insta::assert_snapshot!(check("a.csv", text, &format!("{columns}department = \
        \"Squat\"")).stderr, @"error: a.csv:1: no column “Squat”, which [programme.columns] names for `department`; the header has “Adresse, First, Last, Squad”; do you mean “Squad”?");
    insta::assert_snapshot!(check("a.csv", text, columns).stderr, @r#"
    error: a.csv:1: no column `department`; the header has “Adresse, First, Last, Squad”
    hint: write across = [] under [pairing] to let anybody meet anybody, or say which column holds the department: department = "Team" under [programme.columns]
    "#);
    assert_eq!(told(&check("a.csv", text, &format!("{columns}[pairing]\nacross = []"))), "2 ·  · ");
    assert_eq!(told(&check("a.csv", text, &format!("{columns}[pairing]\nacross = [\"Squad\"]"))), "2 ·  · ");
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn separators_and_encodings_make_no_difference() {
    let text = "email,name,department\na@x.org,Zoë,S\nb@x.org,Ґудзь,T\n";
    let tabs = text.replace(',', "\t");
    let files: [Vec<u8>; 9] = [
        text.into(),
        tabs.clone().into(),
        text.replace(',', ";").into(),
        format!("sep=;\r\n{}", text.replace(',', ";")).into(),
        format!("\u{feff}sep=\t\n{tabs}").into(),
        utf16(&tabs, u16::to_le_bytes),
        utf16(&tabs, u16::to_be_bytes),
        utf16(&format!("\u{feff}{tabs}"), u16::to_le_bytes),
        utf16(&format!("\u{feff}{text}"), u16::to_be_bytes),
    ];
    for file in files {
        assert_eq!(told(&check("a.csv", &file, "")), "2 ·  · ", "{}", String::from_utf8_lossy(&file));
    }
    let cyrillic = b"email,name,department\na@x.org,\xce\xeb\xe5\xed\xe0 \xcc\xe0\xf0\xf7\xe5\xed\xea\xee,S\n";
    assert!(check("a.csv", cyrillic, "").stderr.contains("hint: the file looks like windows-1251"));
}

#[test]
fn lines_are_counted_from_the_first_whatever_it_is() {
    let run = check("a.csv", "sep=;\nemail;name;department\na@x.org;A;S\nb;B;T\n", "");
    assert_eq!(told(&run), "1 ·  · 4: email: “b” has no @");
}

#[test]
fn one_person_does_not_become_three() {
    let rows = "a@x.org,A,S\nа@x.org,A,T\na\u{200b}@x.org,A,U\na\u{ad}@x.org,A,V\nＡ@x.org,A,W\n";
    insta::assert_snapshot!(check("a.csv", format!("email,name,department\n{rows}"), "").stderr, @r"
    error: a.csv:4: email: “a\u{200b}@x.org” has an invisible character (U+200B) as its character 2: type the address again
    a.csv:5: email: “a\u{ad}@x.org” has a soft hyphen (U+00AD) as its character 2: type the address again
    a.csv:6: email: “a@x.org” is already on line 2
    a.csv:3: email: “а@x.org” looks the same as “a@x.org” on line 2: “а” is U+0430
    ");
}

/// The pairs of the round of a roster of these rows.
fn round(pairing: &str, rows: &str) -> Vec<Vec<String>> {
    let world = World::new(pairing, &format!("email,name,department,manager\n{rows}"));
    pairs(&world.json(&["pair", "--week", "--seed", "1"])["rounds"][0])
}

#[test]
fn a_department_typed_in_two_ways_is_one() {
    for other in ["Bu\u{308}ro", "BÜRO", "Buro", " Büro\u{a0}", "Bü\u{ad}ro", "Ｂüｒｏ"] {
        assert_eq!(round("", &format!("a@x.org,A,Büro,\nb@x.org,B,{other},\n")), [[""; 0]; 0], "{other:?}");
    }
}

#[test]
fn whoever_is_in_two_departments_meets_nobody_of_either() {
    for both in ["Sales; Marketing", "Marketing;Sales", "Sales, Marketing", "sales | marketing", "Sales / Marketing"] {
        let rows = format!("a@x.org,A,\"{both}\",\nb@x.org,B,Sales,\nc@x.org,C,Marketing,\nd@x.org,D,IT,\n");
        let mut round = round("", &rows);
        round.iter_mut().for_each(|pair| pair.sort());
        round.sort();
        assert_eq!(round, [["a@x.org", "d@x.org"], ["b@x.org", "c@x.org"]], "{both}");
    }
}

#[test]
fn a_report_does_not_meet_their_manager_however_the_name_is_written() {
    for manager in ["Doe, Jane (12345)", "JANE DOE", "J@X.org", "Jane Doe [7]", "Doé, Jané", "12345 - Jane Doe"] {
        let rows = format!("j@x.org,Jane Doe,A,\nb@x.org,B,B,\"{manager}\"\n");
        assert_eq!(round("across = [\"department\", \"manager\"]", &rows), [[""; 0]; 0], "{manager}");
    }
}

#[test]
fn what_is_odd_is_told_by_every_command_and_not_in_the_data() {
    let mut roster = "email,name,department,manager,tz,paused_until\n".to_owned();
    for at in 0..8 {
        roster += &format!("p{at}@x.org,P{at},D{at},Boss {},,\n", ["A", "B", "C", "D", "E", "F", "G", "H"][at]);
    }
    let world = World::new("across = [\"department\", \"manager\"]", &roster);
    let run = world.run(&["status"]);
    insta::assert_snapshot!(run.stderr, @"
    warning: staff.csv: tz: is read as `timezone`, and is blank in every row
    warning: staff.csv:2: manager: “Boss A” is nobody on the roster, so it keeps nobody apart
    warning: staff.csv:3: manager: “Boss B” is nobody on the roster, so it keeps nobody apart
    warning: staff.csv:4: manager: “Boss C” is nobody on the roster, so it keeps nobody apart
    warning: staff.csv: and 5 more like that
    hint: see them all with: roulette roster check
    ");
    assert_eq!(run.stdout.matches("Boss").count(), 0);
    assert_eq!(world.run(&["-q", "status"]).stderr, "");
    assert_eq!(world.run(&["roster", "check"]).stdout.matches("is nobody on the roster").count(), 8);
}

#[test]
fn a_file_can_be_looked_at_without_a_config() {
    let world = World::new("", "email,name,department\na@x.org,A,S\nb@x.org,B,T\nc@x.org,C,T\n");
    std::fs::remove_file(world.path("config.toml")).unwrap();
    insta::assert_snapshot!(world.run(&["roster", "check", "staff.csv"]).all(), @"
    staff.csv: 3 people take part

    column       is read as   filled
    ────────────────────────────────
    email        email        all
    name         name         all
    department   department   all

    department   people
    ───────────────────
    T            2
    S            1

    zone          people
    ────────────────────
    Europe/Kyiv   3

    language   people
    ─────────────────
    en         3

    Without a time zone of their own: 3. They get Europe/Kyiv (timezone in [meeting]).

    Nothing is wrong or odd.
    --- stderr
    --- status 0
    ");
}

/// A zip archive of files that are not compressed.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    };
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = archive.len() as u32;
        let (name, text) = (name.as_bytes(), text.as_bytes());
        let mut common = [20_u16, 0, 0, 0, 0].map(u16::to_le_bytes).concat();
        for number in [crc(text), text.len() as u32, text.len() as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        archive.extend([b"PK\x03\x04", &common[..], name, text].concat());
        let rest = [[0_u16; 5].map(u16::to_le_bytes).concat(), offset.to_le_bytes().to_vec()].concat();
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &rest, name].concat());
    }
    let count = files.len() as u16;
    let sizes = [directory.len() as u32, archive.len() as u32].map(u32::to_le_bytes).concat();
    let counts = [0, 0, count, count].map(u16::to_le_bytes).concat();
    [&archive[..], &directory, b"PK\x05\x06", &counts, &sizes, &[0, 0]].concat()
}

/// A workbook whose second sheet, of that name, has these rows of XML.
fn workbook(sheet: &str, rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let sheet_of = |rows: &str| format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
    );
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let links = |links: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{links}</Relationships>");
    let sheets = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Notes\" sheetId=\"1\" r:id=\"r1\"/>\
         <sheet name=\"{sheet}\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
    );
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
    );
    let parts = [
        link("r1", "worksheet", "worksheets/sheet1.xml"),
        link("r2", "worksheet", "worksheets/sheet2.xml"),
        link("r3", "styles", "styles.xml"),
    ];
    zip(&[
        ("[Content_Types].xml", &types),
        ("_rels/.rels", &links(&link("r0", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", &sheets),
        ("xl/_rels/workbook.xml.rels", &links(&parts.concat())),
        ("xl/styles.xml", &styles),
        ("xl/worksheets/sheet1.xml", &sheet_of("")),
        ("xl/worksheets/sheet2.xml", &sheet_of(rows)),
    ])
}

fn row(number: usize, cells: &[&str]) -> String {
    let cell = |(at, cell): (usize, &&str)| {
        let place = format!("{}{number}", char::from(b'A' + at as u8));
        match cell.strip_prefix('=') {
            Some(raw) => format!("<c r=\"{place}\" {raw}</c>"),
            None => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        }
    };
    format!("<row r=\"{number}\">{}</row>", cells.iter().enumerate().map(cell).collect::<String>())
}

#[test]
fn a_workbook_is_read_with_its_dates_and_the_numbers_of_its_rows() {
    let rows = [
        row(2, &["email", "name", "department", "paused_until", "floor"]),
        row(3, &["a@x.org", "Ann", "Sales", "=s=\"1\"><v>46366</v>", "=><v>3</v>"]),
        row(5, &["b@x.org", "Bo", "IT", "", "=t=\"e\"><v>#N/A</v>"]),
        row(7, &["bo", "Bo", "IT", "soon", ""]),
    ];
    let world = World::new("", "");
    world.write("staff.xlsx", workbook("People", &rows[..3].concat()));
    let check = |file: &str| told(&world.run(&["roster", "check", file, "--format", "json"]));
    assert_eq!(check("staff.xlsx#people"), "2 · 5: floor: “#N/A” is a spreadsheet error, not a value · ");
    assert!(check("staff.xlsx").ends_with("is empty: its first line must name the columns email, name and department"));
    assert!(check("staff.xlsx#Staff").ends_with("has no sheet “Staff”; there are: Notes, People"));
    world.write("config.toml", "[programme]\nroster = \"staff.xlsx#People\"\n");
    let why = world.finish(&mut world.command(NOW, &["why", "Ann"])).stdout;
    assert!(why.contains("2026-12-10"), "{why}");
    world.write("staff.xlsx", workbook("People", &rows.concat()));
    assert!(
        check("staff.xlsx#People")
            .ends_with("7: email: “bo” has no @ | 7: paused_until: “soon” is not a date such as 2026-12-10")
    );
}

/// What reports have above their headings, with what is told of it; the rows below are those of the header's separator.
const TITLES: &[(&str, &str, &str)] = &[
    ("Staff list\n", "email,name,department\na@x.org,A,S\n", "1: the line above the headings is not read"),
    ("\u{feff}Staff list;;\n", "email;name;department\na@x.org;A;S\n", "1: the line above the headings is not read"),
    (
        "Staff\nas of 1 May, 2026\n\n",
        "email;name;department\na@x.org;A;S\n",
        "1: the 3 lines above the headings are not read",
    ),
    (
        "Export,,\n,,\n",
        "Work Email,Full Name,Team,Department\na@x.org,A,T,S\n",
        "1: the 2 lines above the headings are not read",
    ),
    ("", "email,name,department\na@x.org,A,S\n", ""),
    ("", "\"Full\nName\",Department,\"Work\nEmail\"\nA,S,a@x.org\n", ""),
];

#[test]
fn what_is_above_the_headings_is_left_out_and_that_is_said() {
    for (title, rows, odd) in TITLES {
        let run = check("a.csv", format!("{title}{rows}"), "");
        assert_eq!(told(&run), format!("1 · {odd} · "), "{title}");
        let line = format!("{title}{rows}").lines().count() + 1;
        let bad = told(&check("a.csv", format!("{title}{}", rows.replace("a@x.org", "a.x.org")), ""));
        assert!(bad.contains(&format!("{}: ", line - 1)) && bad.ends_with("“a.x.org” has no @"), "{bad}");
    }
    let world = World::new("", "");
    let rows =
        [row(1, &["Staff of May", "", ""]), row(3, &["email", "name", "department"]), row(4, &["a@x.org", "A", "S"])];
    world.write("staff.xlsx", workbook("People", &rows.concat()));
    let run = world.run(&["roster", "check", "staff.xlsx#People", "--format", "json"]);
    assert_eq!(told(&run), "1 · 1: the line above the headings is not read · ");
}

#[test]
fn what_is_wrong_comes_with_the_way_out_also_as_json() {
    let hint = |text: &[u8]| {
        let run = check("a.csv", text, "");
        let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(run.status, 2);
        json["hint"].as_str().unwrap().to_owned()
    };
    assert!(hint(b"email,name,department\na@x.org,Zo\xeb,S\n").starts_with("the file looks like windows-1252"));
    // Of a row with a fault, as much is shown as can be read.
    assert!(hint(b"email,name,department\na@x.org,A,\xe9\nb@x.org,B,T\n").starts_with("the file looks like"));
    assert!(hint(b"email,name,team\na@x.org,A,S\n").contains("department = \"team\" under [programme.columns]"));
}

/// Rows of email, name, department and former address, with what is wrong with them; the domain was old.example before.
const FORMERLY: &[(&str, &str)] = &[
    ("a@x.org,A,S,\nb@x.org,B,T,a.b@x.org\n", ""),
    ("a@x.org,A,S,a1@x.org a2@x.org; A3@X.org\nb@x.org,B,T,\n", ""),
    ("a@x.org,A,S,\"a1@x.org;a1@x.org, a2@x.org\"\nb@x.org,B,T,\n", ""),
    ("a@x.org,A,S,a@old.example\nb@x.org,B,T,\n", ""),
    ("a@old.example,A,S,\nb@x.org,B,T,\n", ""),
    ("a@x.org,A,S,a1\nb@x.org,B,T,\n", "2: formerly: “a1” has no @"),
    ("a@x.org,A,S,A@x.org\nb@x.org,B,T,\n", "2: formerly: “a@x.org” is their own current address"),
    (
        "a@x.org,A,S,b@x.org\nb@x.org,B,T,\n",
        "2: formerly: “b@x.org” is the current address of somebody else, on line 3",
    ),
    (
        "a@x.org,A,S,b@x.org\nb@x.org,B,T,a@x.org\n",
        "2: formerly: “b@x.org” is the current address of somebody else, on line 3 | \
         3: formerly: “a@x.org” is the current address of somebody else, on line 2",
    ),
    (
        "a@x.org,A,S,c@x.org\nb@x.org,B,T,c@x.org\n",
        "3: formerly: “c@x.org” is already a former address of the person on line 2",
    ),
    (
        "a@x.org,A,S,\na@old.example,A,T,\n",
        "3: email: “a@old.example” is now “a@x.org”, on line 2, as [programme] former_domains says: \
            remove one of the two rows",
    ),
];

#[test]
fn former_addresses_are_understood_or_refused_with_their_lines() {
    for (rows, wrong) in FORMERLY {
        let text = format!("email,name,department,Former E-Mail\n{rows}");
        let run = check("a.csv", text, "former_domains = { \"old.example\" = \"x.org\" }");
        let told = told(&run);
        assert!(told.ends_with(&format!(" · {wrong}")), "{rows}: {told}");
    }
}
