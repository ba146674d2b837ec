//! What the demo shows on the terminal: one line to paste per door.

use super::Data;
use super::document::Document;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) fn text(made: &Document, data: &Data) -> String {
    let Document { base, salesseek, bookingbug, rubicrm, leadsquared, operator, manage } = made;
    let encoded = STANDARD.encode(&rubicrm.verified.password);
    format!(
        "\
Doorward's demo is ready at {base}. Everything it made is in {file}.

SalesSeek: a cookie for each tenant's sub-domain
  curl -i http://{salesseek_host}/api/login --data-urlencode email_address={admin} --data-urlencode password={admin_password}

BookingBug: App-Id, App-Key and an Auth-Token
  curl -i http://{bookingbug_host}{path}/login -H 'App-Id: {app_id}' -H 'App-Key: {app_key}' -H 'Content-Type: application/json' -d '{{\"email\":\"{owner}\",\"password\":\"{owner_password}\"}}'

RubiCRM: an e-mail address and a Base64 password
  curl -i http://{rubicrm_host}/api/Login -H 'Content-Type: application/json' -d '{{\"emailaddress\":\"{verified}\",\"password\":\"{encoded}\",\"apikey\":\"{api_key}\"}}'

LeadSquared: an access key and its secret
  curl -i -G http://{leadsquared_host}/v2/Authentication.svc/UserByAccessKey.Get --data-urlencode 'accessKey={access_key}' --data-urlencode secretKey={secret_key}

The management API: JSON, with a token of an operator
  curl -i {manage_url}/tenants -H 'Authorization: Bearer {manage_token}'

The console: open {base}/console in a browser; no organisation, {operator_email}, {operator_password}

Mails are caught, not sent: curl {base}/demo/mail
Ctrl-C ends it.
",
        file = data.path().join("demo.json").display(),
        salesseek_host = salesseek.host,
        operator_email = operator.email,
        operator_password = operator.password,
        admin = salesseek.admin.email_address,
        admin_password = salesseek.admin.password,
        bookingbug_host = bookingbug.host,
        path = bookingbug.base_path,
        app_id = bookingbug.app_id,
        app_key = bookingbug.app_key,
        owner = bookingbug.owner.email,
        owner_password = bookingbug.owner.password,
        rubicrm_host = rubicrm.host,
        verified = rubicrm.verified.emailaddress,
        api_key = rubicrm.api_key,
        leadsquared_host = leadsquared.host,
        access_key = leadsquared.access_key,
        secret_key = leadsquared.secret_key,
        manage_url = manage.url,
        manage_token = manage.token,
    )
}
