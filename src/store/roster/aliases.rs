//! What offices call the columns of a roster: Google Workspace, Microsoft 365 and Entra, Webex Control Hub, Workday,
//! BambooHR, Personio, SAP SuccessFactors, and what people type. Add a spelling to the line of its column.
//! Spellings are compared by [`key`]: letters and digits only, without case, accents and notes in brackets.

use crate::domain::text::folded;

/// A known column, by its name in the program, and its other names: the best first.
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) aliases: &'static str,
}

/// The columns that a roster must have come first.
pub(super) const KNOWN: &[Known] = &[
    Known {
        name: "email",
        aliases: "email emailaddress mail workemail workemailaddress primaryworkemail primaryworkemailaddress emailwork \
            emailaddresswork emailprimarywork primaryemail primaryemailaddress emailprimary businessemail \
            businessemailaddress emailbusiness companyemail companyemailaddress corporateemail corporateemailaddress \
            officeemail officialemail employeeemail employeeemailaddress workeremail memberemail useremail \
            useremailaddress useridemail emailid emailaddresses emails primarysmtpaddress smtpaddress internetemail webexemail \
            emailadresse emailadressen mailadresse dienstlicheemail dienstlicheemailadresse geschaftlicheemail \
            adresseemail adressemail courriel emailprofessionnel correo correoelectronico adresemail \
            електроннапошта електроннаадреса робочаелектроннапошта пошта робочапошта емейл імейл \
            userprincipalname upn login loginname userlogin username userid logonname signinname",
    },
    Known {
        name: "name",
        aliases: "name fullname displayname employeename employeefullname workername worker employee personname \
            legalname legalfullname fulllegalname legalnameinfull preferredfullname formattedname completename namefull namedisplay \
            namepreferred preferredname lastnamefirstname namelastfirst firstandlastname firstlastname anzeigename \
            vollstandigername mitarbeiter mitarbeitername nomcomplet nombrecompleto imieinazwisko \
            повнеімя піб прізвищеімя імятапрізвище імяпрізвище прізвищетаімя прізвищеімяпобатькові співробітник працівник",
    },
    Known {
        name: "department",
        aliases: "department dept departmentname deptname homedepartment currentdepartment maindepartment \
            departmentdescription departmenttitle workdepartment employeedepartment abteilung abteilungsname \
            departement departamento dzial reparto afdeling відділ підрозділ департамент отдел \
            supervisoryorganization supervisoryorg",
    },
    Known {
        name: "timezone",
        aliases: "timezone tz tzname timezonename timezoneid tzid timezoneiana ianatimezone olsontimezone usertimezone employeetimezone \
            worktimezone hometimezone localtimezone preferredtimezone timezonedescription timezonecode timezones \
            zeitzone fuseauhoraire zonahoraria strefaczasowa часовийпояс часоваязона часовазона",
    },
    Known {
        name: "location",
        aliases: "location officelocation worklocation locationname office officename primaryworklocation worklocationname \
            primarylocation joblocation employeelocation site sitename workplace standort arbeitsort buro \
            lieu ubicacion lokalizacja офіс локація місцероботи",
    },
    Known {
        name: "manager",
        aliases: "manager manageremail manageremailaddress managerworkemail managersemail managerprimaryemail \
            managerupn manageruserprincipalname linemanageremail supervisoremail reportstoemail managername \
            managerfullname managerdisplayname managersname linemanager linemanagername directmanager \
            directmanagername reportingmanager peoplemanager supervisor supervisorname directsupervisor reportsto \
            reportingto reportto workersmanager immediatesupervisor immediatemanager superior boss vorgesetzter vorgesetzte \
            vorgesetzteperson fuhrungskraft jefe responsable przelozony керівник менеджер \
            managerid manageremployeeid supervisorid managernumber manageruserid",
    },
    Known {
        name: "working_hours",
        aliases: "workinghours workhours workinghour workhour workingtime workingtimes worktime worktimes officehours \
            businesshours dailyhours hoursofwork shifthours arbeitszeit arbeitszeiten horariodetrabajo horario \
            робочігодини робочийчас графікроботи",
    },
    Known {
        name: "workdays",
        aliases: "workdays workday workingdays workingday daysofwork officedays businessdays weekdays arbeitstage werktage \
            joursdetravail diaslaborables робочідні дніроботи",
    },
    Known {
        name: "paused_until",
        aliases: "pauseduntil pauseuntil pausedtill pausetill pausedtil pausedto pauseduntill pauseuntill pauseend \
            pauseduntildate pauseenddate pausingtill pausinguntil pausedthrough awayuntil awaytill absentuntil outuntil \
            leaveuntil onleaveuntil vacationuntil holidayuntil pausiertbis pausebis abwesendbis \
            паузадо напаузідо відсутнійдо",
    },
    Known {
        name: "language",
        aliases: "language lang botlanguage chatlanguage languagecode sprache idioma langue jezyk мова",
    },
    Known {
        name: "formerly",
        aliases: "formerly formeremail formeremails formeremailaddress formeremailaddresses formeraddress formeraddresses \
            previousemail previousemails previousemailaddress previousemailaddresses previousaddress previousaddresses \
            oldemail oldemails oldemailaddress oldemailaddresses oldaddress emailformer emailprevious emailold \
            fruhereemail fruhereadresse fruhereemailadresse alteemail alteadresse alteemailadresse ancienemail \
            ancienneadresse correoanterior poprzedniemail колишняадреса колишняпошта попередняадреса попередняпошта \
            стараадреса старапошта",
    },
    Known { name: "tags", aliases: "tags tag labels label schlagworte теги" },
];

/// Parts of a name, which are joined.
pub(super) const FIRST_NAME: &str = "firstname givenname forename legalfirstname namefirst first givennames \
    firstnames preferredfirstname vorname rufname prenom nombre nombres imie імя имя";
pub(super) const LAST_NAME: &str = "lastname surname familyname legallastname namelast last sn secondname \
    preferredlastname nachname familienname zuname nomdefamille apellido apellidos nazwisko прізвище фамилия";

/// The place of the key among the aliases, if it is there.
pub(super) fn rank(aliases: &str, key: &str) -> Option<usize> {
    aliases
        .split_ascii_whitespace()
        .position(|alias| alias == key || !alias.is_ascii() && !key.is_ascii() && folded(alias) == key)
}

/// The same result for all spellings of a header.
pub(super) fn key(heading: &str) -> String {
    let mut plain = folded(heading);
    while let Some((start, end)) = note(&plain) {
        plain.replace_range(start..end, " ");
    }
    // “Employee #” is their number.
    plain.replace(['#', '№'], "number").chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether two headers differ only in case, accents and white space.
pub(super) fn same_heading(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A remark in brackets that says how to fill in the column, not what it is.
fn note(text: &str) -> Option<(usize, usize)> {
    const REMARKS: [&str; 12] = [
        "required",
        "optional",
        "readonly",
        "mandatory",
        "iana",
        "tz",
        "local",
        "localtime",
        "text",
        "date",
        "ifany",
        "name",
    ];
    for (open, close) in [('[', ']'), ('(', ')')] {
        for (start, _) in text.match_indices(open) {
            let Some(end) = text[start..].find(close).map(|at| start + at + 1) else { continue };
            let inside = &text[start + 1..end - 1];
            let word: String = inside.chars().filter(|c| c.is_alphanumeric()).collect();
            let format = inside.contains([':', '/', '@']) || inside.contains("yy") || inside.contains("e.g");
            if open == '[' || REMARKS.contains(&&*word) || format {
                return Some((start, end));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header, and the column that it is; "" means none.
    const HEADERS: &[(&str, &str)] = &[
        ("email", "email"),
        ("E-mail", "email"),
        ("Email Address [Required]", "email"),
        ("Email (Required)", "email"),
        ("User ID/Email (Required)", "email"),
        ("Work Email", "email"),
        ("Email - Primary Work", "email"),
        ("User principal name", "email"),
        ("userPrincipalName", "email"),
        ("Business  E-Mail", "email"),
        ("E-Mail-Adresse", "email"),
        ("Електронна пошта", "email"),
        ("Recovery Email", ""),
        ("Home Email", ""),
        ("Email (Personal)", ""),
        ("Display name", "name"),
        ("Full Name", "name"),
        ("Dept.", "department"),
        ("Abteilung", "department"),
        ("Département", "department"),
        ("Відділ", "department"),
        ("Time zone", "timezone"),
        ("time_zone", "timezone"),
        ("Time-Zone", "timezone"),
        ("TimeZone", "timezone"),
        ("tz", "timezone"),
        ("Timezone (IANA)", "timezone"),
        ("Часовий пояс", "timezone"),
        ("working-hours", "working_hours"),
        ("Work hours", "working_hours"),
        ("Working hours (09:00-17:30)", "working_hours"),
        ("paused_untill", "paused_until"),
        ("Paused till", "paused_until"),
        ("Paused until (YYYY-MM-DD)", "paused_until"),
        ("Manager Email", "manager"),
        ("Manager's Name", "manager"),
        ("Reports To", "manager"),
        ("Büro", "location"),
        ("Lang", "language"),
        ("Former email", "formerly"),
        ("Previous E-Mail Address", "formerly"),
        ("Колишня адреса", "formerly"),
        ("Favourite colour", ""),
    ];

    #[test]
    fn a_column_is_known_by_its_usual_spellings() {
        for (heading, name) in HEADERS {
            let found = KNOWN.iter().find(|known| rank(known.aliases, &key(heading)).is_some());
            assert_eq!(found.map_or("", |known| known.name), *name, "{heading}: {}", key(heading));
        }
    }

    #[test]
    fn no_spelling_means_two_columns_and_each_is_its_own_key() {
        let parts = [FIRST_NAME, LAST_NAME].map(|aliases| ("part", aliases));
        let all = KNOWN.iter().map(|known| (known.name, known.aliases)).chain(parts);
        let all: Vec<(&str, &str)> =
            all.flat_map(|(name, aliases)| aliases.split_ascii_whitespace().map(move |alias| (alias, name))).collect();
        for (at, (alias, name)) in all.iter().enumerate() {
            assert_eq!(key(alias), folded(alias));
            assert_eq!(all[at + 1..].iter().find(|(other, _)| other == alias), None, "{alias} of {name}");
        }
    }
}
