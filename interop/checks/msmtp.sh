# msmtp: a sendmail-like client with its own TLS.
program msmtp msmtp --version || return 0

msmtp_config() { # NAME PORT STARTTLS
    local print
    print=$(openssl x509 -in "$work/server.pem" -noout -fingerprint -sha256 | sed 's/.*=//')
    cat >"$work/msmtprc" <<EOF
defaults
host $HOST
from $USER_NAME
timeout 300
account plain
port $SMTP
auth off
account submission
port $SUBMISSION
tls on
tls_starttls on
tls_fingerprint $print
auth plain
user $USER_NAME
password $PASSWORD
account submissions : submission
port $SUBMISSIONS
tls_starttls off
account scram : submission
auth scram-sha-256
account lmtp
protocol lmtp
port $LMTP
auth off
EOF
    chmod 600 "$work/msmtprc"
}
msmtp_send() { # ACCOUNT SUBJECT [make options]
    local account=$1 subject=$2
    shift 2
    msmtp_config
    mail make "$work/m" "$subject" --from "$USER_NAME" "$@"
    tr -d '\r' <"$work/m" | msmtp -C "$work/msmtprc" -a "$account" -- "$USER_NAME"
    mail expect "$work/m" --how suffix
}
check "msmtp: plain SMTP" msmtp_send plain "msmtp plain"
check "msmtp: STARTTLS, pinned certificate, AUTH PLAIN" msmtp_send submission "msmtp submission"
check "msmtp: STARTTLS, SCRAM-SHA-256" msmtp_send scram "msmtp scram"
check "msmtp: implicit TLS" msmtp_send submissions "msmtp submissions"
check "msmtp: LMTP" msmtp_send lmtp "msmtp lmtp"
check "msmtp: 8-bit text" msmtp_send submission "msmtp eight bit" --utf8
check "msmtp: 50 MB over TLS" msmtp_send submissions "msmtp fifty megabytes" --size 50000000
