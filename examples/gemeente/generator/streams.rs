//! Everything beside telephone, counter and survey: e-mail, web, forms, post, social media, contacts and cases. Each system
//! has its own seed, so that a change in one leaves the others alone; only contacts look at cases.

#[path = "streams/callbacks.rs"]
mod callbacks;
#[path = "streams/cases.rs"]
mod cases;
#[path = "streams/columns.rs"]
mod columns;
#[path = "streams/contact_file.rs"]
mod contact_file;
#[path = "streams/contacts.rs"]
mod contacts;
#[path = "streams/customers.rs"]
mod customers;
#[path = "streams/email.rs"]
mod email;
#[path = "streams/forms.rs"]
mod forms;
#[path = "streams/pace.rs"]
mod pace;
#[path = "streams/post.rs"]
mod post;
#[path = "streams/social.rs"]
mod social;
#[path = "streams/web.rs"]
mod web;

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::year::windows_1252;

/// Writes the files of all these systems.
pub fn write(folder: &Path) -> Result<(), Box<dyn Error>> {
    for system in ["klantcontact", "zaken"] {
        fs::create_dir_all(folder.join(system))?;
    }
    fs::write(folder.join("email.jsonl"), email::lines()?)?;
    fs::write(folder.join("post.csv"), windows_1252(&post::csv()?))?;
    fs::write(folder.join("webcare.jsonl"), social::lines()?)?;
    fs::write(folder.join("formulieren.csv"), forms::write(&folder.join("formulieren.parquet"))?)?;
    fs::write(folder.join("klachten.csv"), windows_1252(&customers::complaints_csv()?))?;
    web::write(&folder.join("web.parquet"))?;

    let cases = cases::cases();
    let zaken = folder.join("zaken");
    fs::write(zaken.join("zaken.csv"), cases::cases_csv(&cases)?)?;
    cases::write_requests(&zaken.join("aanvragen.parquet"), &cases)?;
    fs::write(zaken.join("kwaliteitstoetsen.csv"), cases::checks_csv(&cases)?)?;

    let contacts = contacts::contacts(&cases.cases);
    let folder = folder.join("klantcontact");
    contact_file::contacts(&folder.join("contacten.parquet"), &contacts)?;
    contact_file::roles(&folder.join("betrokkenen.parquet"), &contacts)?;
    contact_file::answers(&folder.join("nabevraging.parquet"), &contacts)?;
    callbacks::write(&folder.join("terugbelverzoeken.parquet"), &contacts)?;
    customers::asked(&folder.join("uitvragen.parquet"))?;
    customers::profiles(&folder.join("klantbeeld.parquet"))?;
    fs::write(folder.join("klantenbestand.csv"), customers::count_csv()?)?;
    Ok(())
}
