//! The order of a run, and what its requests hand on: a tree is made, everything is done in it, and it is deleted.

pub(super) const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://127.0.0.1:8080/manage/v1", "Where the API is"),
    ("token", "", "The bearer token"),
    ("id", "", "A tenant; making one sets it"),
    ("below", "", "One below it; making one sets it"),
    ("person", "", "A person of it; making one sets it"),
    ("invited", "", "Another; inviting them sets it"),
    ("kind", "user", "As what somebody belongs to a tenant; giving a place sets it"),
    ("import", "", "An import; making one sets it"),
    ("application", "", "An application; making one sets it"),
    ("application_token", "", "A token of it; making one sets it"),
    ("key", "", "An access key; making one sets it"),
    ("session", "00000000-0000-0000-0000-000000000000", "A session; a list that has one sets it"),
    ("terms", "", "A version of the terms; publishing one sets it"),
    ("event", "", "An event; each list sets it"),
    ("export", "", "An export; making one sets it"),
    ("mail", "", "A mail; the list sets it"),
    ("door", "", "A door; making one sets it"),
    ("code", "eu-1", "A region, which is made or changed"),
    ("sort", "applications", "Of what the uses are counted: doors, applications, hashes or keys"),
    ("thing", "", "One of them; the list sets it"),
];

pub(super) const RUN: &[(&str, &[&str])] = &[
    (
        "Tenants",
        &[
            "listTenants",
            "createTenant",
            "createTenant, below it",
            "getTenant",
            "changeTenant",
            "moveTenant",
            "suspendTenant",
            "resumeTenant",
        ],
    ),
    (
        "People",
        &[
            "createPerson",
            "listPeople",
            "getPerson",
            "changePerson",
            "disablePerson",
            "enablePerson",
            "invitePerson",
            "invitePersonAgain",
            "setPassword",
            "mailPasswordReset",
        ],
    ),
    (
        "Imports",
        &[
            "createImport",
            "getImport",
            "listRefusedLines",
            "startImport",
            "getImport, until it is over",
            "createImport, another",
            "cancelImport",
            "listImports",
        ],
    ),
    (
        "Memberships",
        &[
            "giveMembership",
            "listMemberships",
            "listMembershipsOfPerson",
            "getMembership",
            "changeMembership",
            "takeMembership",
        ],
    ),
    (
        "Applications",
        &[
            "createApplication",
            "listApplications",
            "getApplication",
            "changeApplication",
            "disableApplication",
            "enableApplication",
            "rotateApplicationKey",
            "endPreviousApplicationKey",
            "removeApplicationKey",
            "createToken",
            "listTokens",
            "revokeToken",
        ],
    ),
    (
        "Access keys",
        &[
            "createAccessKey",
            "listAccessKeys",
            "getAccessKey",
            "changeAccessKey",
            "rotateAccessKey",
            "disableAccessKey",
            "enableAccessKey",
        ],
    ),
    ("Sessions", &["listSessions", "listSessionsOfPerson", "endSession", "endSessionsOfPerson"]),
    (
        "Terms",
        &["publishTerms", "listTerms", "getTerms", "listConsents", "exportConsents", "listConsentsOfPerson"],
    ),
    ("Policy", &["getPolicy", "changePolicy"]),
    ("Usage", &["listUsage", "exportUsage", "getUsage", "listUsagePeople", "exportUsagePeople"]),
    ("Exports", &["createExport", "getExport", "downloadExport", "cancelExport", "listExports"]),
    ("Mails", &["listMails", "getMail", "retryMail"]),
    (
        "Doors",
        &[
            "createDoor",
            "listDoors",
            "getDoor",
            "replaceDoor",
            "listDoorsOfTenant",
            "getDoorUsage",
            "listDoorTrees",
            "exportDoorTrees",
            "deleteDoor",
        ],
    ),
    ("Regions", &["setRegion", "getRegion", "listRegions"]),
    (
        "Events",
        &["listEvents", "getEvent", "exportEvents", "listHouseEvents", "getHouseEvent", "exportHouseEvents"],
    ),
    ("At the end", &["deletePerson", "deleteTenant, below it", "deleteTenant"]),
];

/// What an answer sets.
pub(super) fn keeps(step: &str) -> &'static [(&'static str, &'static str)] {
    match step {
        "createTenant" => &[("id", "answer.id")],
        "createTenant, below it" => &[("below", "answer.id")],
        "createPerson" => &[("person", "answer.id")],
        "invitePerson" => &[("invited", "answer.id")],
        "giveMembership" => &[("kind", "answer.kind")],
        "createImport" | "createImport, another" => &[("import", "answer.id")],
        "createApplication" => &[("application", "answer.application.id")],
        "createToken" => &[("application_token", "answer.token.id")],
        "createAccessKey" => &[("key", "answer.key.id")],
        "listSessionsOfPerson" => &[("session", "answer.items[0]?.id || pm.variables.get('session')")],
        "publishTerms" => &[("terms", "answer.id")],
        "listUsage" => &[("thing", "answer.items[0]?.id")],
        "createExport" => &[("export", "answer.id")],
        "listMails" => &[("mail", "(answer.items.find((it) => it.state === 'sent') || answer.items[0])?.id")],
        "createDoor" => &[("door", "answer.id")],
        "listEvents" | "listHouseEvents" => &[("event", "answer.items[0]?.id")],
        _ => &[],
    }
}

/// What has to happen first, in the background.
pub(super) fn until(step: &str) -> Option<&'static str> {
    match step {
        "getImport, until it is over" | "getExport" => Some("answer.state !== 'running'"),
        "listMails" => Some("answer.items.some((it) => it.state === 'sent')"),
        _ => None,
    }
}

/// Parameters of the path that are filled in with another variable.
pub(super) fn fills(step: &str) -> &'static [(&'static str, &'static str)] {
    match step {
        "moveTenant" | "suspendTenant" | "resumeTenant" | "deleteTenant, below it" => &[("id", "below")],
        "invitePersonAgain" => &[("person", "invited")],
        // The variable `token` is the one that requests carry.
        "revokeToken" => &[("token", "application_token")],
        _ => &[],
    }
}

/// Fields of the query that are on.
pub(super) fn chosen(step: &str) -> &'static [(&'static str, &'static str)] {
    match step {
        "createImport" | "createImport, another" => &[("check", "true")],
        _ => &[],
    }
}

/// Refusals that a run cannot help, and what to say of them.
pub(super) fn refused(step: &str) -> Option<(u16, &'static str)> {
    match step {
        "endSession" => {
            Some((404, " In a run nobody has signed in as this person, so there is no session: 404."))
        }
        "cancelExport" => {
            Some((409, " In a run the export is done by now, so there is nothing to end: 409."))
        }
        "retryMail" => {
            Some((409, " In a run the mail has been sent by now, so there is nothing to retry: 409."))
        }
        _ => None,
    }
}
